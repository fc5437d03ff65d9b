/* Sheds, how they are shut, and who may look in. */
#include <linux/meadow.h>

enum why { RAIN, NIGHT };

struct bolt {
	int length;
	long worn;
	struct bolt *spare;
	unsigned int stuck;
};

struct shed_operations {
	int (*shut)(struct plot *plot, struct bolt *bolt);
	void (*leave)(struct plot *plot, enum why why);
};

int bolt_oil(struct bolt *bolt, int drops);
