/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_BLKDEV_H
#define _LINUX_BLKDEV_H

#include <linux/locking.h>

typedef unsigned int fmode_t;

struct hd_geometry {
	unsigned char heads;
	unsigned short cylinders;
};

struct gendisk {
	struct mutex open_mutex;
	const struct block_device_operations *fops;
	void *private_data;
};

struct block_device {
	struct gendisk *bd_disk;
	unsigned int bd_openers;
};

struct block_device_operations {
	int (*open)(struct gendisk *disk, fmode_t mode);
	void (*release)(struct gendisk *disk);
	int (*ioctl)(struct block_device *bdev, fmode_t mode, unsigned int cmd, unsigned long arg);
	int (*compat_ioctl)(struct block_device *bdev, fmode_t mode, unsigned int cmd, unsigned long arg);
	int (*direct_access)(struct block_device *bdev, sector_t sector, void **address, unsigned long *pfn);
	void (*unlock_native_capacity)(struct gendisk *disk);
	int (*getgeo)(struct block_device *bdev, struct hd_geometry *geometry);
	void (*swap_slot_free_notify)(struct block_device *bdev, unsigned long offset);
};

#endif
