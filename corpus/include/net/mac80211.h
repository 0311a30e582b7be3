/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Reduced for the corpus: wireless devices. */
#ifndef CORPUS_NET_MAC80211_H
#define CORPUS_NET_MAC80211_H

#include <linux/types.h>

struct ieee80211_hw {
	void *priv;
	u16 queues;
};

struct ieee80211_ops {
	int (*start)(struct ieee80211_hw *hw);
	void (*stop)(struct ieee80211_hw *hw, bool suspend);
	int (*config)(struct ieee80211_hw *hw, u32 changed);
};

struct ieee80211_hw *ieee80211_alloc_hw_nm(size_t priv_data_len,
					   const struct ieee80211_ops *ops,
					   const char *requested_name);
static inline struct ieee80211_hw *
ieee80211_alloc_hw(size_t priv_data_len, const struct ieee80211_ops *ops)
{
	return ieee80211_alloc_hw_nm(priv_data_len, ops, NULL);
}
int ieee80211_register_hw(struct ieee80211_hw *hw);
void ieee80211_unregister_hw(struct ieee80211_hw *hw);
void ieee80211_free_hw(struct ieee80211_hw *hw);

#endif /* CORPUS_NET_MAC80211_H */
