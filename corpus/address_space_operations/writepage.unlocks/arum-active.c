// SPDX-License-Identifier: GPL-2.0-only
/// AOP_WRITEPAGE_ACTIVATE says that the page is still locked: who has unlocked it makes the caller unlock it once more.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/writeback.h>

int arum_write(struct page *page);

static int arum_writepage(struct page *page, struct writeback_control *wbc)
{
	redirty_page_for_writepage(wbc, page);
	if (arum_write(page))
		return AOP_WRITEPAGE_ACTIVATE;	/* ok: writepage.unlocks */
	unlock_page(page);
	return AOP_WRITEPAGE_ACTIVATE;	/* violates: writepage.unlocks */
}

static int borage_writepage(struct page *page, struct writeback_control *wbc)
{
	int err = arum_write(page);

	redirty_page_for_writepage(wbc, page);
	if (err == AOP_WRITEPAGE_ACTIVATE) {
		unlock_page(page);
		return err;	/* violates: writepage.unlocks */
	}
	unlock_page(page);
	return err;	/* ok: writepage.unlocks */
}

static int comfrey_writepage(struct page *page, struct writeback_control *wbc)
{
	int err = arum_write(page);

	redirty_page_for_writepage(wbc, page);
	if (err == AOP_WRITEPAGE_ACTIVATE)
		err = 0;
	unlock_page(page);
	return err;	/* ok: writepage.unlocks */
}

static int daisy_write(struct page *page, struct writeback_control *wbc)
{
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return AOP_WRITEPAGE_ACTIVATE;	/* ok: writepage.unlocks */
}

static int daisy_writepage(struct page *page, struct writeback_control *wbc)
{
	return daisy_write(page, wbc) < 0 ? -EIO : 0;
}

const struct address_space_operations arum_aops = { .writepage = arum_writepage };
const struct address_space_operations borage_aops = { .writepage = borage_writepage };
const struct address_space_operations comfrey_aops = { .writepage = comfrey_writepage };
const struct address_space_operations daisy_aops = { .writepage = daisy_writepage };
