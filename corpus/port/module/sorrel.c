/* Sorrels grow in beds. */
#include <linux/bed.h>
#include <linux/trug.h>
#include <linux/hoe.h>

static int bed_edge(int deep)
{
	return deep + 1;
}

static int sorrel_depth(struct bed *bed)
{
	return BedWet(bed) ? bed_edge(2) : 1;
}

int sorrel_sow(struct bed *bed, struct trug *trug)
{
	SetBedDry(bed);
	return trug_fill(trug, sorrel_depth(bed));
}

int sorrel_all(struct bed *bed, struct trug *trug)
{
	return sorrel_sow(bed, trug);
}
