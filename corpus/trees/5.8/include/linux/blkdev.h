/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BLKDEV_H
#define _LINUX_BLKDEV_H

#include <linux/types.h>

/* Block devices of the time when each had a mutex of its own. */
typedef unsigned int fmode_t;

struct mutex {
	int value;
};

struct hd_geometry {
	unsigned char heads;
	unsigned short cylinders;
};

struct block_device {
	struct mutex bd_mutex;
	struct gendisk *bd_disk;
	unsigned int bd_openers;
	void *bd_private;
};

struct gendisk {
	struct block_device *part0;
	void *private_data;
};

struct block_device_operations {
	int (*open)(struct block_device *bdev, fmode_t mode);
	int (*revalidate_disk)(struct gendisk *disk);
	int (*getgeo)(struct block_device *bdev, struct hd_geometry *geometry);
};

void mutex_lock(struct mutex *lock);
int mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void lockdep_assert_held(const void *lock);

#endif
