// Monitors of recipes with signal stages, put together part by part, and fed samples.
#pragma once

#include "fixtures.hpp"

#include <deque>
#include <initializer_list>

namespace fixtures {

struct Part {
    std::uint16_t id;
    Words words;
};

inline Words input_words(std::uint32_t channels, std::int32_t missing = 0, std::int32_t shift = 0) {
    Words w = {static_cast<std::int32_t>(channels), missing};
    for (std::uint32_t i = 0; i < channels; ++i) {
        w.insert(w.end(), {0, shift, 0});
    }
    return w;
}
inline Part scaler() { return {8, {}}; }
inline Part clusters() { return {16, {2, 256, 0}}; }
inline Part decision(std::int32_t scaling, std::int32_t learning, std::int32_t calibrating) {
    return {32, {1 << 30, scaling, learning, calibrating, 21474836, 0, 1, 1, 0, 0, 0}};
}

class Stream {
  public:
    Stream(std::uint8_t arithmetic, std::vector<Part> parts) : parts_(std::move(parts)) {
        for (const Part &p : parts_) {
            stages_.push_back(
                {tb_stage_by_id(p.id, arithmetic), p.words.data(), static_cast<std::uint32_t>(p.words.size())});
        }
        recipe_ = {TB_RECIPE_FORMAT, arithmetic, static_cast<std::uint8_t>(stages_.size()), stages_.data(), nullptr};
        status = tb_sizes(&recipe_, &sizes);
        if (status == TB_OK) {
            image_.resize(sizes.image / 8, 0xA5A5A5A5A5A5A5A5u);
            scratch_.resize((sizes.scratch + 7) / 8, 0x5A5A5A5A5A5A5A5Au);
            plan_.resize((sizes.plan + 7) / 8, 0x7777777777777777u);
            REQUIRE(tb_init(&m, &recipe_, image_.data(), sizes.image, scratch_.data(), sizes.scratch, plan_.data(),
                            sizes.plan) == TB_OK);
        }
    }
    Stream(const Stream &) = delete;
    Stream &operator=(const Stream &) = delete;

    tb_result step(const Frame &x, std::uint32_t dt_ms = 0) {
        const tb_context context = {dt_ms, 0};
        tb_result r = {};
        REQUIRE(tb_step_i32(&m, x.data(), static_cast<std::uint32_t>(x.size()), &context, &r) == TB_OK);
        return r;
    }
    tb_status score(const Frame &window, std::int32_t &score) const {
        return tb_score_i32(&m, window.data(), static_cast<std::uint32_t>(window.size()), nullptr, &score);
    }
    Bytes bytes() const { return Bytes(m.image, m.image + sizes.image); }
    Bytes saved() {
        Bytes b(sizes.image);
        REQUIRE(tb_save(&m, b.data(), sizes.image) == TB_OK);
        return b;
    }
    tb_status load(const Bytes &b) {
        return tb_load(&m, b.data(), static_cast<std::uint32_t>(b.size()), TB_LOAD_SEALED);
    }
    // The features of the last frame, as they stand in scratch.
    template <class Raw> std::vector<Raw> features() const {
        const auto *raw = reinterpret_cast<const Raw *>(m.scratch);
        return std::vector<Raw>(raw, raw + m.features);
    }

    tb_status status = TB_OK;
    tb_memory sizes = {};
    tb_monitor m = {};

  private:
    std::vector<Part> parts_;
    std::vector<tb_part> stages_;
    tb_recipe recipe_ = {};
    std::vector<std::uint64_t> image_, scratch_, plan_;
};

// The last samples of a stream, one behind the other.
class Window {
  public:
    explicit Window(std::size_t samples) : samples_(samples) {}
    void add(const Frame &x) {
        seen_.push_back(x);
        if (seen_.size() > samples_) {
            seen_.pop_front();
        }
    }
    Frame all() const {
        Frame out;
        for (const Frame &x : seen_) {
            out.insert(out.end(), x.begin(), x.end());
        }
        return out;
    }

  private:
    std::size_t samples_;
    std::deque<Frame> seen_;
};

} // namespace fixtures
