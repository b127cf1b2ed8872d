// A monitor with drift detectors and a policy, and the memory of its three images, each exactly as long as it must be.
#pragma once

#include "fixtures.hpp"

namespace fixtures {

enum class Loop : std::int32_t { tell, freeze, adapt, relearn, ask };

struct LoopSpec {
    Loop kind = Loop::relearn;
    Spec model = {};
    std::vector<std::pair<std::uint16_t, Words>> drifts = {
        {64, {16, 1 << 21, 1 << 22, 214748, 30, 1}}}; // Page-Hinkley, 32 octaves
    std::int32_t persist = 100, share = 1 << 30, tolerance = 65536;
    std::int32_t block_frames = 50, forget = 0, budget = 0, creep = 100, health = 320;
    std::int32_t events = 256, blocks = 0;
};

class LoopMachine {
  public:
    explicit LoopMachine(const LoopSpec &s, bool attach = true) : spec(s), plain_(s.model) {
        const tb_recipe &base = plain_.recipe;
        parts_.assign(base.part, base.part + base.count);
        words_.reserve(s.drifts.size() + 1);
        for (const auto &drift : s.drifts) {
            add(drift.first, drift.second);
        }
        Words policy = {s.events,  s.blocks, 0,           static_cast<std::int32_t>(s.kind),
                        s.persist, s.share,  s.tolerance, s.block_frames,
                        s.forget,  s.budget, s.creep,     s.health};
        policy[2] = s.blocks != 0 ? static_cast<std::int32_t>(detector_bytes()) : 0;
        add(80, policy);
        recipe = base;
        recipe.part = parts_.data();
        recipe.count = static_cast<std::uint8_t>(parts_.size());
        REQUIRE(tb_sizes(&recipe, &sizes) == TB_OK);
        for (int i = 0; i < 3; ++i) {
            images[i].resize(sizes.image / 8, 0xA5A5A5A5A5A5A5A5u);
            plans[i].resize((sizes.plan + 7) / 8, 0x7777777777777777u);
        }
        scratch.resize((sizes.scratch + 7) / 8, 0x5A5A5A5A5A5A5A5Au);
        REQUIRE(tb_init(&m, &recipe, images[2].data(), sizes.image, scratch.data(), sizes.scratch, plans[2].data(),
                        sizes.plan) == TB_OK);
        if (attach) {
            give(TB_CANDIDATE);
            give(TB_GOOD);
        }
    }
    LoopMachine(const LoopMachine &) = delete;
    LoopMachine &operator=(const LoopMachine &) = delete;

    void give(std::uint32_t which) {
        REQUIRE(tb_attach(&m, which, images[which].data(), sizes.image, plans[which].data(), sizes.plan) == TB_OK);
    }

    tb_result step(const Frame &x) {
        tb_result r = {};
        REQUIRE(tb_step_i32(&m, x.data(), static_cast<std::uint32_t>(x.size()), nullptr, &r) == TB_OK);
        return r;
    }
    std::int32_t score(const Frame &x) const {
        std::int32_t s = 0;
        REQUIRE(tb_score_i32(&m, x.data(), static_cast<std::uint32_t>(x.size()), nullptr, &s) == TB_OK);
        return s;
    }
    std::uint8_t state() const { return static_cast<std::uint8_t>(tb_state(&m)); }
    tb_loop loop() const {
        tb_loop l = {};
        REQUIRE(tb_loop_of(&m, &l) == TB_OK);
        return l;
    }
    // Sealed copies of the image and of what is in the attached ones.
    Bytes save() {
        Bytes b(sizes.image);
        REQUIRE(tb_save(&m, b.data(), sizes.image) == TB_OK);
        return b;
    }
    Bytes save_attached(std::uint32_t which) {
        Bytes b(sizes.image);
        const tb_status status = tb_save_attached(&m, which, b.data(), sizes.image);
        return status == TB_OK ? b : Bytes();
    }
    Bytes detector() const { return Bytes(m.image + m.block[TB_PART_DETECTOR], m.image + m.block[TB_PART_DECISION]); }

    LoopSpec spec;
    tb_recipe recipe = {};
    tb_memory sizes = {};
    tb_monitor m = {};
    std::vector<std::uint64_t> images[3], plans[3], scratch; // TB_CANDIDATE, TB_GOOD, the monitor's own

  private:
    void add(std::uint16_t id, const Words &words) {
        words_.push_back(words);
        const tb_stage *stage = tb_stage_by_id(id, plain_.recipe.arithmetic);
        REQUIRE(stage != nullptr);
        parts_.push_back({stage, words_.back().data(), static_cast<std::uint32_t>(words.size())});
    }
    std::uint32_t detector_bytes() {
        Machine plain(spec.model);
        return plain.m.block[TB_PART_DECISION] - plain.m.block[TB_PART_DETECTOR];
    }

    Recipe plain_;
    std::vector<Words> words_;
    std::vector<tb_part> parts_;
};

} // namespace fixtures
