// SPDX-License-Identifier: GPL-2.0-only
/// The request is a part of the file system's own, and is ended by that name; one answer of the server ends nothing.
// Kernel: 7.3
// Fixable: no
#include <linux/netfs.h>

struct dill_request {
	struct netfs_io_subrequest sub;
	int credits;
};

int dill_read(struct inode *inode, loff_t start, size_t len);

static void dill_issue_read(struct netfs_io_subrequest *subreq)
{
	struct dill_request *request = container_of(subreq, struct dill_request, sub);
	int got;

	got = dill_read(subreq->inode, subreq->start, subreq->len);
	if (got < 0) {
		request->credits++;
		return;	/* violates: issue_read.must_call */
	}
	subreq->error = 0;
	netfs_read_subreq_terminated(&request->sub);
}	/* ok: issue_read.must_call */

const struct netfs_request_ops dill_request_ops = {
	.issue_read = dill_issue_read,
};
