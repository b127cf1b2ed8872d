// Batches of frames: the loops of the host functions.
#include "arguments.hpp"
#include "twinbit_host.h"

using namespace twinbit;

namespace {

// Calls one(frame, context, i) for every frame until it fails. checked: what a check of the first one said.
template <class T, class One>
tb_status each_frame(tb_status checked, const T *v, std::uint32_t frames, std::uint32_t count,
                     const tb_context *contexts, std::uint32_t *done, One one) {
    if (checked != TB_OK) {
        return checked;
    }
    if (done == nullptr) {
        return TB_ERR_ARGUMENT;
    }
    const FloatEnvironment guard;
    for (*done = 0; *done < frames; ++*done) {
        const std::uint32_t i = *done;
        const Given frame = frame_of(v + std::size_t{i} * count);
        const tb_status taken = one(frame, contexts != nullptr ? contexts[i] : tb_context{0, 0}, i);
        if (taken != TB_OK) {
            return taken;
        }
    }
    return TB_OK;
}

template <class T>
tb_status step_many(tb_monitor *m, const T *v, std::uint32_t frames, std::uint32_t count, const tb_context *contexts,
                    tb_result *results, std::uint32_t *done) {
    return each_frame(check_sample(m, v, count, results), v, frames, count, contexts, done,
                      [&](const Given &x, const tb_context &c, std::uint32_t i) { return step(*m, x, c, results[i]); });
}

template <class T>
tb_status score_many(const tb_monitor *m, const T *v, std::uint32_t frames, std::uint32_t count,
                     const tb_context *contexts, std::int32_t *scores, std::uint32_t *done) {
    return each_frame(check_frame(m, v, count, scores), v, frames, count, contexts, done,
                      [&](const Given &x, const tb_context &c, std::uint32_t i) { return score(*m, x, c, scores[i]); });
}

template <class T>
tb_status learn_many(tb_monitor *m, const T *v, std::uint32_t frames, std::uint32_t count, const tb_context *contexts,
                     std::uint32_t *done) {
    return each_frame(check_frame(m, v, count, m), v, frames, count, contexts, done,
                      [&](const Given &x, const tb_context &c, std::uint32_t) { return learn(*m, x, c, nullptr); });
}

template <class T>
tb_status learn_score_many(tb_monitor *m, const T *v, std::uint32_t frames, std::uint32_t count,
                           const tb_context *contexts, std::int32_t *scores, std::uint32_t *done) {
    return each_frame(check_frame(m, v, count, scores), v, frames, count, contexts, done,
                      [&](const Given &x, const tb_context &c, std::uint32_t i) {
                          scores[i] = 0;
                          return learn(*m, x, c, scores + i);
                      });
}

// Which results are no frames: their sample was skipped, or its window is not full.
constexpr std::uint32_t no_frame = TB_FLAG_SKIPPED | TB_FLAG_GATHERING;
// What is told of samples that have no result of their own.
constexpr std::uint32_t to_tell = TB_FLAG_HELD | TB_FLAG_CLIPPED;

template <class T>
tb_status stream(tb_monitor *m, const T *v, std::uint32_t samples, std::uint32_t count, const tb_context *contexts,
                 tb_frames *frames, std::uint32_t *done) {
    if (frames == nullptr || frames->results == nullptr || frames->at == nullptr) {
        return TB_ERR_ARGUMENT;
    }
    frames->count = 0;
    std::uint32_t &told = frames->told;
    const bool framed = usable(m) && m->values != m->channels;
    return each_frame(check_sample(m, v, count, frames), v, samples, count, contexts, done,
                      [&](const Given &x, const tb_context &c, std::uint32_t i) -> tb_status {
                          if (frames->count == frames->room) {
                              return TB_ERR_SIZE;
                          }
                          tb_result &result = frames->results[frames->count];
                          const tb_status status = step(*m, x, c, result);
                          if (status != TB_OK) {
                              return status;
                          }
                          told |= result.flags & to_tell;
                          if (!framed || (result.flags & no_frame) == 0) {
                              result.flags = static_cast<std::uint16_t>(result.flags | (framed ? told & to_tell : 0u));
                              frames->at[frames->count++] = i;
                              told = 0;
                          }
                          return TB_OK;
                      });
}

} // namespace

extern "C" {

tb_status tb_stream_f32(tb_monitor *m, const float *v, uint32_t samples, uint32_t count, const tb_context *contexts,
                        tb_frames *frames, uint32_t *done) {
    return stream(m, v, samples, count, contexts, frames, done);
}
tb_status tb_stream_i32(tb_monitor *m, const int32_t *v, uint32_t samples, uint32_t count, const tb_context *contexts,
                        tb_frames *frames, uint32_t *done) {
    return stream(m, v, samples, count, contexts, frames, done);
}
tb_status tb_stream_i16(tb_monitor *m, const int16_t *v, uint32_t samples, uint32_t count, const tb_context *contexts,
                        tb_frames *frames, uint32_t *done) {
    return stream(m, v, samples, count, contexts, frames, done);
}

tb_status tb_step_f32_many(tb_monitor *m, const float *v, uint32_t frames, uint32_t count, const tb_context *contexts,
                           tb_result *results, uint32_t *done) {
    return step_many(m, v, frames, count, contexts, results, done);
}
tb_status tb_step_i32_many(tb_monitor *m, const int32_t *v, uint32_t frames, uint32_t count, const tb_context *contexts,
                           tb_result *results, uint32_t *done) {
    return step_many(m, v, frames, count, contexts, results, done);
}
tb_status tb_score_f32_many(const tb_monitor *m, const float *v, uint32_t frames, uint32_t count,
                            const tb_context *contexts, int32_t *scores, uint32_t *done) {
    return score_many(m, v, frames, count, contexts, scores, done);
}
tb_status tb_score_i32_many(const tb_monitor *m, const int32_t *v, uint32_t frames, uint32_t count,
                            const tb_context *contexts, int32_t *scores, uint32_t *done) {
    return score_many(m, v, frames, count, contexts, scores, done);
}
tb_status tb_learn_f32_many(tb_monitor *m, const float *v, uint32_t frames, uint32_t count, const tb_context *contexts,
                            uint32_t *done) {
    return learn_many(m, v, frames, count, contexts, done);
}
tb_status tb_learn_i32_many(tb_monitor *m, const int32_t *v, uint32_t frames, uint32_t count,
                            const tb_context *contexts, uint32_t *done) {
    return learn_many(m, v, frames, count, contexts, done);
}
tb_status tb_learn_score_f32_many(tb_monitor *m, const float *v, uint32_t frames, uint32_t count,
                                  const tb_context *contexts, int32_t *scores, uint32_t *done) {
    return learn_score_many(m, v, frames, count, contexts, scores, done);
}
tb_status tb_learn_score_i32_many(tb_monitor *m, const int32_t *v, uint32_t frames, uint32_t count,
                                  const tb_context *contexts, int32_t *scores, uint32_t *done) {
    return learn_score_many(m, v, frames, count, contexts, scores, done);
}

} // extern "C"
