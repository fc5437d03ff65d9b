/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_NETFS_H
#define _LINUX_NETFS_H

#include <linux/fs.h>

struct netfs_io_subrequest {
	struct inode *inode;
	loff_t start;
	size_t len;
	int error;
};

struct netfs_request_ops {
	int (*prepare_read)(struct netfs_io_subrequest *subreq);
	void (*issue_read)(struct netfs_io_subrequest *subreq);
};

void netfs_read_subreq_terminated(struct netfs_io_subrequest *subreq);

#endif
