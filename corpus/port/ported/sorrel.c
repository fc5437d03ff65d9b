/* Sorrels grow in beds. */
#include <linux/bed.h>
#include <linux/basket.h>

static int sorrel_bed_edge(int deep)
{
	return deep + 1;
}

static int sorrel_depth(struct bed *bed)
{
	return BedWet(bed) ? sorrel_bed_edge(2) : 1;
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
