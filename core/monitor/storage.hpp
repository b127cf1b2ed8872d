// Images as bytes: a fresh one, sealing, the check of untrusted bytes, loading, and the merge of what two images
// learned.
#pragma once

#include "monitor/monitor.hpp"

namespace twinbit {

// A fresh image. The monitor was measured and has its memory.
void begin(const tb_monitor &);

void seal(const tb_monitor &);

// CRC-32 of an image as if its crc field were 0.
std::uint32_t image_crc(const std::uint8_t *bytes, std::uint32_t size);

// What can be said of an image without a recipe: its header and, if it is sealed, its checksum.
tb_status check_header(const std::uint8_t *bytes, std::uint32_t size);

enum class Accept : std::uint8_t { sealed, raw };

// Everything about bytes that claim to be an image of this monitor's recipe.
tb_status check(const tb_monitor &, const std::uint8_t *bytes, std::uint32_t size, Accept mode, bool same_policy);

// Bytes that claim to be a stage's block, of any alignment.
bool block_in_range(const Field *table, const Shape &, const std::uint8_t *block);

// Bytes that claim to be the detector's block, of any alignment.
bool detector_in_range(const tb_monitor &, const std::uint8_t *block);

tb_status load(const tb_monitor &, const std::uint8_t *bytes, std::uint32_t size, Accept mode, bool same_policy = true);
tb_status set_policy(const tb_monitor &, const std::uint8_t *bytes, std::uint32_t size, Accept mode);
tb_status merge(const tb_monitor &, const std::uint8_t *bytes, std::uint32_t size, int sign);
tb_status new_epoch(const tb_monitor &);
tb_status prune(const tb_monitor &, std::uint32_t keep);
tb_status forget(const tb_monitor &);

} // namespace twinbit
