/* Sorrels grow on ridges. */
#include <linux/ridge.h>
#include <linux/basket.h>

static int sorrel_ridge_edge(int deep)
{
	return deep + 1;
}

static int sorrel_depth(struct ridge *ridge)
{
	return RidgeWet(ridge) ? sorrel_ridge_edge(2) : 1;
}

int sorrel_sow(struct ridge *ridge, struct trug *trug)
{
	SetRidgeDry(ridge);
	return trug_fill(trug, sorrel_depth(ridge));
}

int sorrel_all(struct ridge *ridge, struct trug *trug)
{
	return sorrel_sow(ridge, trug);
}
