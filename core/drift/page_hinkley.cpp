// The Page-Hinkley stage. Words: see PageHinkleyWords and capi/RECIPE.md.
#include "drift/page_hinkley.hpp"

#include "image/selftest.hpp"

namespace twinbit {

namespace {

// struct PageHinkley
constexpr std::uint32_t fields = 4;
constexpr Field table[fields] = {{Type::u32, Many::one, positive(31)},
                                 {Type::i64, Many::one, both(53)},
                                 {Type::i64, Many::two, both(61)},
                                 {Type::i64, Many::two, both(61)}};

bool shape(const Setup &s, Shape &out) {
    out.set(s.inputs, {0, 0}, fields);
    if (s.count != page_hinkley_words) {
        return false;
    }
    const auto &w = *reinterpret_cast<const PageHinkleyWords *>(s.words);
    return unit_ok(w.unit) && w.threshold >= 0 && w.delta >= 0 && w.fading >= 0 && w.min_frames >= 1 &&
           w.min_frames <= static_cast<std::int32_t>(PageHinkley::most_frames / 2) && w.direction >= both_ways &&
           w.direction <= downwards;
}

bool update(const Block &b, const void *x) {
    return at<PageHinkley>(b.image, 0)->update(*reinterpret_cast<const PageHinkleyWords *>(b.setup.words), value_of(x));
}

constexpr DriftOps ops = {update, false};

// At the self-test. As struct PageHinkleyWords.
constexpr std::int32_t test_words[] = {16, 1 << 18, 1 << 18, 1 << 21, 8, 0};

} // namespace

const KnownAnswer page_hinkley_answer = {run_drift, test_words, length_of(test_words), 64, 1, 0, {0x90B229E4}};

} // namespace twinbit

extern "C" {
const tb_stage tb_page_hinkley = {64,
                                  twinbit::Role::drift,
                                  0,
                                  twinbit::page_hinkley_words - 1,
                                  0,
                                  twinbit::table,
                                  0,
                                  twinbit::shape,
                                  twinbit::Ops(&twinbit::ops)};
}
