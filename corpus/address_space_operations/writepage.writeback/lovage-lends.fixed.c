// SPDX-License-Identifier: GPL-2.0-only
/// The pages of an array on the stack are lent, not handed on: who forgets to begin writeback there has nobody to do it later.
// Kernel: 5.8
#include <linux/pagemap.h>
#include <linux/writeback.h>

struct bio_vec { struct page *bv_page; unsigned int bv_len; };
struct iov_iter { const struct bio_vec *bvec; };
struct lovage_request { struct bio_vec bv; struct iov_iter from; };

void iov_iter_bvec(struct iov_iter *i, unsigned int dir, const struct bio_vec *bvec, unsigned long n, size_t count);
int lovage_send(struct inode *inode, struct iov_iter *from);
struct lovage_request *lovage_queue(struct inode *inode);

static int lovage_write(struct page *page)
{
	struct iov_iter from;
	struct bio_vec bv;

	bv.bv_page = page;
	bv.bv_len = PAGE_SIZE;
	iov_iter_bvec(&from, 1, &bv, 1, PAGE_SIZE);
	return lovage_send(page->mapping->host, &from);
}

static int lovage_writepage(struct page *page, struct writeback_control *wbc)
{
	int err;

	set_page_writeback(page);
	err = lovage_write(page);
	unlock_page(page);
	end_page_writeback(page);
	return err;
}

static int orpine_writepage(struct page *page, struct writeback_control *wbc)
{
	struct lovage_request *request = lovage_queue(page->mapping->host);

	request->bv.bv_page = page;
	iov_iter_bvec(&request->from, 1, &request->bv, 1, PAGE_SIZE);
	unlock_page(page);
	return 0;
}

const struct address_space_operations lovage_aops = {
	.writepage = lovage_writepage,
};

const struct address_space_operations orpine_aops = {
	.writepage = orpine_writepage,
};
