/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _LINUX_STORE_H
#define _LINUX_STORE_H

#include <linux/types.h>

/* The imaginary backing store of the corpus: a file system of the corpus writes its pages here. */
struct inode;
struct store;

struct store *store_open(struct inode *inode);
void store_close(struct store *store);
int store_sealed(struct inode *inode);
int store_full(struct inode *inode);
int store_reserve(struct inode *inode, size_t len);
int store_read(struct inode *inode, loff_t pos, void *data, size_t len);
int store_write(struct inode *inode, loff_t pos, const void *data, size_t len);

#endif
