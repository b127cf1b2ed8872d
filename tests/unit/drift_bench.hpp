// A drift detector of single values by itself, in memory that is exactly as long as it says.
#pragma once

#include "fixtures.hpp"

namespace fixtures {

class Watcher {
  public:
    Watcher(const tb_stage &stage, Words words, std::uint32_t features = 1) : words_(std::move(words)) {
        part_ = {&stage, words_.data(), static_cast<std::uint32_t>(words_.size())};
        REQUIRE(tb_drift_size(&part_, features, &bytes_needed) == TB_OK);
        REQUIRE(bytes_needed % 8 == 0);
        memory_.resize(bytes_needed / 8, 0xA5A5A5A5A5A5A5A5u);
        REQUIRE(tb_drift_init(&d, &part_, features, memory_.data(), bytes_needed) == TB_OK);
    }
    Watcher(const Watcher &) = delete;
    Watcher &operator=(const Watcher &) = delete;

    bool update(std::int32_t x) {
        std::uint8_t told = 7;
        REQUIRE(tb_drift_update_i32(&d, &x, 1, &told) == TB_OK);
        REQUIRE(told <= 1);
        return told == 1;
    }
    // The state.
    Bytes bytes() const { return Bytes(d.state, d.state + d.size); }
    bool fresh() const { return bytes() == Bytes(d.size, 0); }
    tb_status load(const Bytes &b) { return tb_drift_load(&d, b.data(), static_cast<std::uint32_t>(b.size())); }
    // At an odd address: nothing says that saved bytes are aligned.
    tb_status load_odd(const Bytes &b) {
        Bytes moved(b.size() + 1);
        std::copy(b.begin(), b.end(), moved.begin() + 1);
        return tb_drift_load(&d, moved.data() + 1, static_cast<std::uint32_t>(b.size()));
    }

    tb_drift d = {};
    std::uint32_t bytes_needed = 0;

  private:
    Words words_;
    tb_part part_ = {};
    std::vector<std::uint64_t> memory_;
};

} // namespace fixtures
