// Bank: operating modes found on line, each with a scale and a model of its own (any autoencoder here). One model for
// all modes has to give back what lies between them, too, and one scale hides what is small within one mode.
//
//   assign   c = argmin_j |x - m_j|^2, the first of equals
//   sums     n_c += 1;  s_c += x;  q_c += x^2;  m_c = s_c / n_c          scale: bank_numbers.hpp
//            D += |x - m_c|^2 n / (n + 1) (before the move)                    scatter of all frames about their modes
//   learn    model c learns z = (x - m_c) / sqrt(v_c)
//   score    of z by the model of the nearest mode that has enough frames
//
// Modes, on line and without a buffer: the first K distinct frames open one each. Later a frame that is farther from
// its mode than the two closest modes are from each other, and than twice the mean scatter (D over all frames) in
// squared distance, opens a mode of its own, and those two become one: sums add exactly, D grows by
// n_p n_q / (n_p + n_q) |m_p - m_q|^2, and of the models the one that has learned more stays. K modes are enough that
// are a few more than the machine has.
// A mode with fewer than `few` frames, or a model that has learned fewer, borrows: its frames are judged by scale and
// model of the nearest mode that has enough. They still teach its own model.
//
// Cadence: a mean moves with every frame. Gains are made anew with each of a mode's first 8 frames, with every 8th
// later, and when modes join. They are what models learned by, so the image keeps them; nothing is derived but by the
// models. The longest frame opens a mode: K^2 d / 2 multiplications for the closest pair, gains for two modes, K d
// scatters and d roots each, and one step of a model. In Q15, 4 modes of 64 features and subspaces of 4, in
// instructions of a Cortex-M0 (M4F): a score 33,000 (14,000), a step 156,000 (48,000), the longest 718,000 (173,000).
//
// Epochs: tb_new_epoch() makes gains from all frames; from then on modes, means and gains stand still and are what
// banks must share to merge. ELMs begin anew with every epoch, autoencoders and subspaces go on. A frame then teaches
// the model of the nearest mode only.
// Merge: all models of the same modes, or none: TB_ERR_BASIS before an epoch, otherwise as the model says.
//
// Forget: modes' sums and additive models are halved (fade.hpp); gains stay. A mode that has `few` frames keeps so many.
// Modes that stand still are not halved: banks of models that forget by themselves say TB_ERR_UNSUPPORTED then.
// Full: a mode that has 2^16 frames keeps its scale; its model goes on. Where a model learns no more (full sums, early
// stopping), its mode still takes frames, and other modes go on; learn() gives the model's status where nothing at all
// could be learned. A feature that never moved in any mode has a variance of
// 2^-24. A forged image of modes without frames is safe and judges nonsense.
// Cost: K d multiplications, d for z, one model. Memory: bank_state.hpp; scratch 4 d and one model's.
// Blind to: which mode it should be in: a frame that looks like another mode is judged as one of it.
#pragma once

#include "detectors/bank_modes.hpp"

namespace twinbit {

template <class Model, class P> class Bank {
  public:
    using Sample = typename P::Sample;
    using Distance = typename P::Distance;
    using State = BankFields<P>;
    static constexpr std::uint32_t policy_words = BankState<Model, P>::policy_words;

    // Checks the words, says what memory they need.
    static bool shape(const Setup &, Shape &);

    explicit Bank(const Block &block) : b_(block), s_(block.setup) {}

    bool ready() const;
    BankModes<P> modes() const { return {b_.image, s_.offset, s_.modes, s_.features}; }

    tb_status learn(const Sample *x, std::int32_t *score);
    std::int32_t score(const Sample *x) const;
    void explain(const Sample *x, std::int32_t *shares) const;
    bool prepare();
    void settle();
    void new_epoch();
    tb_status can_merge(const std::uint8_t *other, int sign) const;
    tb_status merge(const std::uint8_t *other, int sign);
    tb_status prune(std::uint32_t) { return TB_ERR_UNSUPPORTED; }
    tb_status forget();

  private:
    static constexpr std::uint32_t most_taught = 0x7FFFFFFFu;

    std::uint32_t open() const { return modes().open(); }
    std::uint32_t &taught(std::uint32_t j) const { return at<std::uint32_t>(b_.image, s_.offset[State::taught])[j]; }
    std::uint8_t *block(std::uint32_t j) const { return b_.image + s_.models + j * s_.bytes; }
    std::uint8_t *plan(std::uint32_t j) const { return b_.plan + j * s_.shape.plan; }
    Model model(std::uint32_t j) const { return Model(Block{s_.model, block(j), b_.scratch + s_.scratch(), plan(j)}); }
    const std::uint8_t *theirs(const std::uint8_t *other, std::uint32_t j) const {
        return other + s_.models + j * s_.bytes;
    }

    bool enough(std::uint32_t j) const { return modes().frames(j) >= s_.few && taught(j) >= s_.few; }
    std::uint32_t judge(const Sample *x) const;
    void take_over(std::uint32_t from, std::uint32_t to);
    void begin(std::uint32_t j);
    const Sample *standardise(std::uint32_t j, const Sample *x) const;
    std::int64_t merged(const std::uint8_t *other, std::uint32_t j, int sign) const;

    Block b_;
    BankState<Model, P> s_;
};

template <class Model, class P> bool Bank<Model, P>::shape(const Setup &s, Shape &out) {
    if (!BankState<Model, P>::valid(s)) {
        return false;
    }
    const BankState<Model, P> state(s);
    state.set(out);
    return state.fits;
}

template <class Model, class P> bool Bank<Model, P>::ready() const {
    for (std::uint32_t j = 0; j < open(); ++j) {
        if (enough(j)) {
            return true;
        }
    }
    return false;
}

// The nearest mode that has enough frames, 0 if none has.
template <class Model, class P> std::uint32_t Bank<Model, P>::judge(const Sample *x) const {
    std::uint32_t best = open();
    Distance least = 0;
    for (std::uint32_t j = 0; j < open(); ++j) {
        if (enough(j)) {
            const Distance d = square_distance(x, modes().centroid(j), s_.features);
            if (best == open() || d < least) {
                best = j;
                least = d;
            }
        }
    }
    return best == open() ? 0 : best;
}

template <class Model, class P>
const typename P::Sample *Bank<Model, P>::standardise(std::uint32_t j, const Sample *x) const {
    auto *z = at<Sample>(b_.scratch, 0);
    modes().standardise(j, x, z);
    return z;
}

// Of two models for one mode the one that has learned more stays.
template <class Model, class P> void Bank<Model, P>::take_over(std::uint32_t from, std::uint32_t to) {
    if (taught(from) > taught(to)) {
        std::memcpy(block(to), block(from), s_.bytes);
        taught(to) = taught(from);
        if (s_.shape.plan != 0) {
            std::memset(plan(to), 0, s_.shape.plan);
        }
    }
}

template <class Model, class P> void Bank<Model, P>::begin(std::uint32_t j) {
    std::memset(block(j), 0, s_.bytes); // learns at once, so what it had derived is gone
    taught(j) = 0;
}

template <class Model, class P> tb_status Bank<Model, P>::learn(const Sample *x, std::int32_t *score_out) {
    if (score_out != nullptr && ready()) {
        *score_out = score(x);
    }
    const auto to = modes().assign(x);
    if (to.began) {
        take_over(to.mode, to.into);
        begin(to.mode);
    }
    const tb_status status = model(to.mode).learn(standardise(to.mode, x), nullptr);
    if (status == TB_OK && taught(to.mode) < most_taught) {
        ++taught(to.mode);
    }
    return to.moved ? tb_status{TB_OK} : status; // what moved was learned
}

template <class Model, class P> std::int32_t Bank<Model, P>::score(const Sample *x) const {
    const std::uint32_t j = judge(x);
    return model(j).score(standardise(j, x));
}

template <class Model, class P> void Bank<Model, P>::explain(const Sample *x, std::int32_t *shares) const {
    const std::uint32_t j = judge(x);
    model(j).explain(standardise(j, x), shares);
}

// A slice of the first model that is not done.
template <class Model, class P> bool Bank<Model, P>::prepare() {
    for (std::uint32_t j = 0; j < open(); ++j) {
        if (enough(j) && !model(j).prepare()) {
            return false;
        }
    }
    return ready();
}

// Of all modes: a forged image may use one that is not open.
template <class Model, class P> void Bank<Model, P>::settle() {
    for (std::uint32_t j = 0; j < s_.modes; ++j) {
        model(j).settle();
    }
}

template <class Model, class P> void Bank<Model, P>::new_epoch() {
    if (open() == 0) {
        return; // nothing to stand on
    }
    modes().freeze();
    for (std::uint32_t j = 0; j < open(); ++j) {
        model(j).new_epoch();
        taught(j) = model(j).ready() ? taught(j) : 0;
    }
}

// Frames that the merged model of mode j has learned.
template <class Model, class P>
std::int64_t Bank<Model, P>::merged(const std::uint8_t *other, std::uint32_t j, int sign) const {
    const auto more = peek<std::uint32_t>(other + s_.offset[State::taught] + 4 * j);
    return std::int64_t{taught(j)} + sign * std::int64_t{more};
}

template <class Model, class P> tb_status Bank<Model, P>::can_merge(const std::uint8_t *other, int sign) const {
    if (model(0).can_merge(theirs(other, 0), sign) == TB_ERR_UNSUPPORTED) {
        return TB_ERR_UNSUPPORTED;
    }
    if (modes().epoch() == 0) {
        return TB_ERR_BASIS; // modes that were found apart have nothing in common
    }
    for (std::uint32_t j = 0; j < open(); ++j) {
        const std::int64_t n = merged(other, j, sign);
        const tb_status status = model(j).can_merge(theirs(other, j), sign);
        if (status != TB_OK || n < 0 || n > most_taught) {
            return status != TB_OK ? status : tb_status{TB_ERR_RANGE};
        }
    }
    return TB_OK;
}

template <class Model, class P> tb_status Bank<Model, P>::merge(const std::uint8_t *other, int sign) {
    const tb_status status = can_merge(other, sign);
    for (std::uint32_t j = 0; j < open() && status == TB_OK; ++j) {
        model(j).merge(theirs(other, j), sign);
        taught(j) = static_cast<std::uint32_t>(merged(other, j, sign));
    }
    return status;
}

template <class Model, class P> tb_status Bank<Model, P>::forget() {
    if (modes().epoch() == 0) {
        modes().forget(s_.few);
    } else if (!forgets_v<Model>) {
        return TB_ERR_UNSUPPORTED;
    }
    if constexpr (forgets_v<Model>) {
        for (std::uint32_t j = 0; j < open(); ++j) {
            if (model(j).ready()) {
                model(j).forget();
                taught(j) = half_of(taught(j), s_.few).part;
            }
        }
    }
    return TB_OK;
}

} // namespace twinbit
