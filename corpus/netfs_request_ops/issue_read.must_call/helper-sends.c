// SPDX-License-Identifier: GPL-2.0-only
/// A helper keeps the request when it could be sent, and its caller ends it when it could not.
// Kernel: 7.3
#include <linux/netfs.h>

struct chervil_call {
	struct netfs_io_subrequest *subreq;
};

struct chervil_call *chervil_new(struct inode *inode);

static struct chervil_call *chervil_send(struct netfs_io_subrequest *subreq)
{
	struct chervil_call *call = chervil_new(subreq->inode);

	if (!call)
		return NULL;
	call->subreq = subreq;
	return call;
}

static void chervil_issue_read(struct netfs_io_subrequest *subreq)
{
	struct chervil_call *call = chervil_send(subreq);

	if (call)
		return;	/* ok: issue_read.must_call */
	subreq->error = -ENOMEM;
	netfs_read_subreq_terminated(subreq);
}	/* ok: issue_read.must_call */

const struct netfs_request_ops chervil_request_ops = {
	.issue_read = chervil_issue_read,
};
