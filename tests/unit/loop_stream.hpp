// Monitors with a policy and the memory that is attached to them, on a stream that drifts.
#pragma once

#include "stream.hpp"

namespace fixtures {

enum class Policy { tell, freeze, adapt, relearn, ask };

// Words of tb_policy, as RECIPE.md has them.
struct PolicySpec {
    Policy kind = Policy::relearn;
    std::int32_t events = 16, blocks = 0, block_bytes = 0;
    std::int32_t persist = 30, share = 1 << 30, tolerance = 65536;
    std::int32_t block_frames = 20, forget = 30, budget = 32768, creep = 30, health = 32;

    Part part() const {
        return {80,
                {events, blocks, block_bytes, static_cast<std::int32_t>(kind), persist, share, tolerance, block_frames,
                 forget, budget, creep, health}};
    }
};

// Drift detectors that are quick to tell.
inline Part page_hinkley() { return {64, {16, 6 << 16, 1 << 22, 0, 10, 1}}; }
inline Part adwin() { return {65, {16, 6, 5, 1 << 24, 4, 5, 10, 1}}; }
inline Part ks() { return {66, {16, 40, 15, 1 << 22}}; }
inline Part centroid() { return {67, {2, 2, 12, 50, 40, 1 << 21, 16384, 1}}; }

// What restarts a monitor: its own image, and the attached ones as far as they hold anything.
struct Saved {
    Bytes image, attached[TB_ATTACHED];
    bool operator==(const Saved &o) const {
        return image == o.image && attached[0] == o.attached[0] && attached[1] == o.attached[1];
    }
};

// A monitor with a candidate's memory and a good image. All memory is dirty before it is given away.
class LoopStream {
  public:
    LoopStream(std::uint8_t arithmetic, const std::vector<Part> &parts, unsigned attached = 3, std::uint8_t dirt = 0xA5)
        : parts_(parts) {
        for (const Part &p : parts_) {
            stages_.push_back(
                {tb_stage_by_id(p.id, arithmetic), p.words.data(), static_cast<std::uint32_t>(p.words.size())});
            REQUIRE(stages_.back().stage != nullptr);
            tools_ = stages_.back().stage->role == twinbit::Role::detector ? tb_tools_of(stages_.back().stage) : tools_;
        }
        recipe_ = {TB_RECIPE_FORMAT, arithmetic, static_cast<std::uint8_t>(stages_.size()), stages_.data(), tools_};
        REQUIRE(tb_sizes(&recipe_, &sizes) == TB_OK);
        const std::uint64_t filled = dirt * 0x0101010101010101u;
        scratch_.resize((sizes.scratch + 7) / 8, filled);
        for (int i = 0; i <= TB_ATTACHED; ++i) {
            image_[i].resize(sizes.image / 8, filled);
            plan_[i].resize((sizes.plan + 7) / 8, filled);
        }
        REQUIRE(tb_init(&m, &recipe_, image_[0].data(), sizes.image, scratch_.data(), sizes.scratch, plan_[0].data(),
                        sizes.plan) == TB_OK);
        for (std::uint32_t which = 0; which < TB_ATTACHED; ++which) {
            if ((attached & (1u << which)) != 0) {
                REQUIRE(tb_attach(&m, which, image_[1 + which].data(), sizes.image, plan_[1 + which].data(),
                                  sizes.plan) == TB_OK);
            }
        }
    }
    LoopStream(const LoopStream &) = delete;
    LoopStream &operator=(const LoopStream &) = delete;

    tb_result step(const Frame &x, std::uint32_t dt_ms = 100, std::uint32_t phase = 0) {
        const tb_context context = {dt_ms, phase};
        tb_result r = {};
        REQUIRE(tb_step_i32(&m, x.data(), m.channels, &context, &r) == TB_OK);
        return r;
    }
    Saved saved() {
        Saved s;
        s.image.resize(sizes.image);
        REQUIRE(tb_save(&m, s.image.data(), sizes.image) == TB_OK);
        for (std::uint32_t which = 0; which < TB_ATTACHED; ++which) {
            s.attached[which].resize(sizes.image);
            if (tb_save_attached(&m, which, s.attached[which].data(), sizes.image) != TB_OK) {
                s.attached[which].clear();
            }
        }
        return s;
    }
    tb_status load(const Bytes &b, std::uint32_t mode = TB_LOAD_SEALED) {
        return tb_load(&m, b.data(), static_cast<std::uint32_t>(b.size()), mode);
    }
    tb_status load_attached(std::uint32_t which, const Bytes &b) {
        return tb_load_attached(&m, which, b.data(), static_cast<std::uint32_t>(b.size()));
    }
    void restore(const Saved &s) {
        REQUIRE(load(s.image) == TB_OK);
        for (std::uint32_t which = 0; which < TB_ATTACHED; ++which) {
            if (!s.attached[which].empty()) {
                REQUIRE(load_attached(which, s.attached[which]) == TB_OK);
            }
        }
    }
    Bytes bytes() const { return Bytes(m.image, m.image + sizes.image); }
    std::vector<tb_event> events() const {
        std::vector<tb_event> out(256);
        std::uint32_t count = 0;
        REQUIRE(tb_events(&m, out.data(), 256, &count, nullptr) == TB_OK);
        out.resize(count);
        return out;
    }
    bool told(std::uint16_t kind, int detail = -1) const {
        for (const tb_event &e : events()) {
            if (e.kind == kind && (detail < 0 || e.detail == detail)) {
                return true;
            }
        }
        return false;
    }

    tb_memory sizes = {};
    tb_monitor m = {};

  private:
    std::vector<Part> parts_;
    std::vector<tb_part> stages_;
    const tb_tools *tools_ = nullptr;
    tb_recipe recipe_ = {};
    std::vector<std::uint64_t> image_[1 + TB_ATTACHED], plan_[1 + TB_ATTACHED], scratch_;
};

// Bytes of a detector's block, which a policy that keeps blocks must name.
inline std::int32_t detector_bytes(std::uint8_t arithmetic, const std::vector<Part> &parts) {
    const LoopStream m(arithmetic, parts, 0);
    const int behind = m.m.part[TB_PART_TAIL] != nullptr ? TB_PART_TAIL : TB_PART_DECISION;
    return static_cast<std::int32_t>(m.m.block[behind] - m.m.block[TB_PART_DETECTOR]);
}

// How normal moves: for good at two frames, or a little with each frame.
enum class Drift { jumps, creeps };

// Frame t of a machine with two operating points and a short fault at 170. Jumping, it has another normal from 220 on
// and a third one from 420 on. Counts; the same everywhere.
inline Frame drifting_frame(std::uint32_t t, std::uint32_t channels, Drift how = Drift::jumps) {
    std::uint32_t r = t * 2654435761u + 12345u;
    const auto frame = static_cast<std::int32_t>(t);
    Frame x(channels);
    for (std::uint32_t i = 0; i < channels; ++i) {
        r = r * 1664525u + 1013904223u;
        const std::int32_t sign = i % 2 == 0 ? 1 : -1;
        const std::int32_t point = (t / 7) % 2 == 0 ? 1500 : -1200 + 100 * static_cast<std::int32_t>(i);
        const std::int32_t noise = static_cast<std::int32_t>(r >> 23) + static_cast<std::int32_t>((r >> 9) & 511) - 511;
        const std::int32_t fault = t >= 170 && t < 176 ? 6000 : 0;
        std::int32_t moved = t >= 220 ? 500 + 2000 * sign : 0;
        moved += t >= 420 ? 1250 - 1950 * sign : 0;
        if (how == Drift::creeps) {
            moved = t >= 180 ? (frame - 180) * 4 * sign : 0;
        }
        x[i] = point + noise + fault + moved;
    }
    return x;
}

} // namespace fixtures
