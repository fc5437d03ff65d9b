// SPDX-License-Identifier: GPL-2.0-only
/// Without memory for the call nobody is told that the request is over.
// Kernel: 7.3
// Fixable: no
#include <linux/netfs.h>

struct tarragon_call {
	struct netfs_io_subrequest *subreq;
};

struct tarragon_call *tarragon_new(struct inode *inode);
void tarragon_send(struct tarragon_call *call);

static void tarragon_issue_read(struct netfs_io_subrequest *subreq)
{
	struct tarragon_call *call;

	if (!subreq->len) {
		subreq->error = -EINVAL;
		netfs_read_subreq_terminated(subreq);
		return;	/* ok: issue_read.must_call */
	}
	call = tarragon_new(subreq->inode);
	if (!call) {
		subreq->error = -ENOMEM;
		return;	/* violates: issue_read.must_call */
	}
	call->subreq = subreq;
	tarragon_send(call);
}	/* ok: issue_read.must_call */

const struct netfs_request_ops tarragon_request_ops = {
	.issue_read = tarragon_issue_read,
};
