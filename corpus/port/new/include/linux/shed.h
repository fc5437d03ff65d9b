/* Sheds, how they are shut, and who may look in. */
#include <linux/meadow.h>

enum why { RAIN, NIGHT };

struct latch {
	int length;
	long worn;
	struct latch *spare;
	unsigned int stuck;
};

struct visit {
	enum why why;
	int guests;
};

struct shed_operations {
	int (*shut)(struct plot *plot, struct latch *latch);
	void (*leave)(struct plot *plot, const struct visit *visit);
};

int bolt_oil(struct latch *latch, int drops);
