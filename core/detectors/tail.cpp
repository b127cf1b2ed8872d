// A tail as a stage: any detector's score becomes how rare it is in the stream, -log2 of its probability among the scores
// before it. The same code for every arithmetic, since scores are octaves. Word: forget.
#include "detectors/tail_counts.hpp"

#include "image/selftest.hpp"

namespace twinbit {

namespace {

constexpr std::int32_t max_forget = 1 << 20;

constexpr std::uint32_t fields = 1;
constexpr Field table[fields] = {{Type::u16, Many::tail, any}};

bool shape(const Setup &s, Shape &out) {
    out.set(s.inputs, {0, 0}, fields);
    return s.count == 1 && s.words[0] >= 0 && s.words[0] <= max_forget;
}

TailCounts counts(const Block &b) { return TailCounts(at<std::uint16_t>(b.image, 0)); }

std::int32_t rarity(const Block &b, std::int32_t score) { return counts(b).rarity(score); }
void follow(const Block &b, std::int32_t score, bool) { counts(b).count(score, b.setup.words[0]); }

constexpr TailOps ops = {rarity, follow};

// At the self-test. Frames to forget after.
constexpr std::int32_t test_words[] = {20};

} // namespace

const KnownAnswer tail_answer = {run_tail, test_words, length_of(test_words), 36, 1, 0, {0x838F63A7}};

} // namespace twinbit

extern "C" {
const tb_stage tb_tail = {
    36, twinbit::Role::tail, 0, 1, 0, twinbit::table, 0, twinbit::shape, twinbit::Ops(&twinbit::ops)};
}
