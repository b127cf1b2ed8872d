// Many frames in one call, without the interpreter lock. A batch that fails changes nothing.
#include "calls.hpp"
#include "monitor.hpp"
#include "values.hpp"

#include <pybind11/numpy.h>

#include <algorithm>

namespace twinbit::python {

namespace {

// The monitor as it was, to go back to if a batch stops half way.
class Snapshot {
  public:
    explicit Snapshot(MonitorObject &object) : object_(object), image_(object.image()), attached_(object.attached()) {}

    void restore() {
        tb_load(object_.get(), image_.data(), static_cast<std::uint32_t>(image_.size()), TB_LOAD_RAW);
        std::copy(image_.begin(), image_.end(), object_.get()->image);
        for (std::size_t i = 0; i < attached_.size(); ++i) {
            Attached &now = object_.attached()[i];
            std::copy(attached_[i].image.begin(), attached_[i].image.end(), now.image.begin());
            std::copy(attached_[i].plan.begin(), attached_[i].plan.end(), now.plan.begin());
        }
    }

  private:
    MonitorObject &object_;
    std::string image_;
    std::array<Attached, TB_ATTACHED> attached_;
};

// One call for each frame: call(numbers, number of the frame).
template <class T, class One> tb_status each(const Values &values, const One &one, std::uint32_t &done) {
    const T *row = values.data<T>();
    for (done = 0; done < values.frames; ++done, row += values.stride) {
        const tb_status status = one(row, done);
        if (status < 0) {
            return status;
        }
    }
    return TB_OK;
}

// The function for frames that lie one after the other, where there is one for their type; else one call a frame.
template <class Many, class One>
tb_status dispatch(const Values &values, const Many &many, const One &one, std::uint32_t &done) {
    const bool together = values.stride == values.count;
    switch (values.kind) {
    case Kind::F32:
        return together ? many(values.data<float>(), &done) : each<float>(values, one, done);
    case Kind::I32:
        return together ? many(values.data<std::int32_t>(), &done) : each<std::int32_t>(values, one, done);
    case Kind::I16:
        break;
    }
    return each<std::int16_t>(values, one, done);
}

// Runs a batch with the guard and without the interpreter lock; undoes it and raises if a frame is refused.
template <class Run> void run_batch(MonitorObject &object, const Values &values, const char *what, const Run &run) {
    std::uint32_t done = 0;
    tb_status status = TB_OK;
    {
        const Guard guard(object);
        const py::gil_scoped_release release;
        Snapshot snapshot(object);
        status = run(done);
        if (status < 0) {
            snapshot.restore();
        }
    }
    if (status < 0) {
        const bool inside = done < values.frames;
        raise_status(status, what, {inside ? done : -1, inside ? bad_channel(values, done) : -1});
    }
}

py::array_t<tb_result> step_many(MonitorObject &object, const py::array &array, const py::object &dt,
                                 const py::object &phase) {
    const Values values = values_of(array, "step");
    const Contexts contexts(dt, phase, values.frames);
    py::array_t<tb_result> results(values.frames);
    tb_result *out = results.mutable_data();
    tb_monitor *m = object.get();
    const std::uint32_t n = values.frames, c = values.count;
    run_batch(object, values, "step", [&](std::uint32_t &done) {
        return dispatch(
            values, [&](auto *x, auto *d) { return step_frames(m, x, n, c, contexts.data(), out, d); },
            [&](auto *x, std::uint32_t i) { return step_frame(m, x, c, contexts.at(i), out + i); }, done);
    });
    return results;
}

tb_status stream_values(tb_monitor *m, const Values &v, const tb_context *contexts, tb_frames *out,
                        std::uint32_t *done) {
    switch (v.kind) {
    case Kind::F32:
        return stream(m, v.data<float>(), v.frames, v.count, contexts, out, done);
    case Kind::I32:
        return stream(m, v.data<std::int32_t>(), v.frames, v.count, contexts, out, done);
    case Kind::I16:
        break;
    }
    return stream(m, v.data<std::int16_t>(), v.frames, v.count, contexts, out, done);
}

py::tuple stream_many(MonitorObject &object, const py::array &array, const py::object &dt, const py::object &phase) {
    const Values values = values_of(array, "step");
    const Contexts contexts(dt, phase, values.frames);
    const std::uint32_t room = values.frames / object.hop() + 2;
    py::array_t<tb_result> results(room);
    py::array_t<std::uint32_t> at(room);
    tb_frames frames = {results.mutable_data(), at.mutable_data(), room, 0, object.told()};
    run_batch(object, values, "step", [&](std::uint32_t &done) {
        return stream_values(object.get(), values, contexts.data(), &frames, &done);
    });
    object.told() = frames.told;
    const auto whole = py::slice(0, frames.count, 1);
    return py::make_tuple(results[whole], at[whole]);
}

py::array_t<std::int32_t> score_many(MonitorObject &object, const py::array &array, const py::object &phase) {
    const Values values = whole_frames(values_of(array, "score"), object);
    const Contexts contexts(py::none(), phase, values.frames);
    py::array_t<std::int32_t> scores(values.frames);
    std::int32_t *out = scores.mutable_data();
    const tb_monitor *m = object.get();
    const std::uint32_t n = values.frames, c = values.count;
    run_batch(object, values, "score", [&](std::uint32_t &done) {
        return dispatch(
            values, [&](auto *x, auto *d) { return score_frames(m, x, n, c, contexts.data(), out, d); },
            [&](auto *x, std::uint32_t i) { return score_frame(m, x, c, contexts.at(i), out + i); }, done);
    });
    return scores;
}

void learn_many(MonitorObject &object, const py::array &array, const py::object &phase) {
    const Values values = whole_frames(values_of(array, "learn"), object);
    const Contexts contexts(py::none(), phase, values.frames);
    tb_monitor *m = object.get();
    const std::uint32_t n = values.frames, c = values.count;
    run_batch(object, values, "learn", [&](std::uint32_t &done) {
        return dispatch(
            values, [&](auto *x, auto *d) { return learn_frames(m, x, n, c, contexts.data(), d); },
            [&](auto *x, std::uint32_t i) { return learn_frame(m, x, c, contexts.at(i)); }, done);
    });
}

// There is no one-pass form for 16 bits in C, so they are widened; the mark of a missing value is, too.
Values widened(Values values) {
    if (values.kind != Kind::I16) {
        return values;
    }
    py::array_t<std::int32_t> wide({values.array.shape(0), values.array.shape(1)});
    const std::int16_t *from = values.data<std::int16_t>();
    std::transform(from, from + wide.size(), wide.mutable_data(),
                   [](std::int16_t x) { return x == TB_MISSING_I16 ? TB_MISSING_I32 : std::int32_t{x}; });
    values.array = wide;
    values.kind = Kind::I32;
    return values;
}

py::array_t<std::int32_t> learn_score_many(MonitorObject &object, const py::array &array, const py::object &phase) {
    const Values values = widened(whole_frames(values_of(array, "learn_score"), object));
    const Contexts contexts(py::none(), phase, values.frames);
    py::array_t<std::int32_t> scores(values.frames);
    std::int32_t *out = scores.mutable_data();
    tb_monitor *m = object.get();
    const std::uint32_t n = values.frames, c = values.count;
    const auto run = [&](const auto *x, std::uint32_t &done) {
        if (values.stride == c) {
            return learn_score_frames(m, x, n, c, contexts.data(), out, &done);
        }
        std::uint32_t one = 0;
        return each<std::decay_t<decltype(*x)>>(
            values,
            [&](auto *at, std::uint32_t i) { return learn_score_frames(m, at, 1, c, contexts.at(i), out + i, &one); },
            done);
    };
    run_batch(object, values, "learn_score", [&](std::uint32_t &done) {
        return values.kind == Kind::F32 ? run(values.data<float>(), done) : run(values.data<std::int32_t>(), done);
    });
    return scores;
}

py::array_t<std::int32_t> explain_many(MonitorObject &object, const py::array &array, const py::object &phase) {
    const Values values = whole_frames(values_of(array, "explain"), object);
    const Contexts contexts(py::none(), phase, values.frames);
    const std::uint32_t features = object.features(), c = values.count;
    py::array_t<std::int32_t> shares({values.frames, features});
    std::int32_t *out = shares.mutable_data();
    const tb_monitor *m = object.get();
    const auto one = [&](auto *x, std::uint32_t i) {
        return explain_frame(m, x, c, contexts.at(i), out + std::size_t{i} * features, features);
    };
    run_batch(object, values, "explain", [&](std::uint32_t &done) {
        return dispatch(
            values, [&](auto *x, auto *d) { return each<std::decay_t<decltype(*x)>>(values, one, *d); }, one, done);
    });
    return shares;
}

} // namespace

void register_batches(py::class_<MonitorObject> &monitor) {
    PYBIND11_NUMPY_DTYPE(tb_result, frame, score, smoothed, threshold, flags, state, similarity, reserved);
    const auto none = py::none();
    monitor.def("step_many", &step_many, py::arg("values"), py::arg("dt") = none, py::arg("phase") = none,
                "Frames, or samples with a framer, through the stream; one tb_result each.");
    monitor.def("stream", &stream_many, py::arg("values"), py::arg("dt") = none, py::arg("phase") = none,
                "The same, with the results of whole frames only, and the numbers of the samples that completed them.");
    monitor.def("score_many", &score_many, py::arg("values"), py::arg("phase") = none,
                "Raw scores of whole frames, octaves * 65536. Nothing moves.");
    monitor.def("learn_many", &learn_many, py::arg("values"), py::arg("phase") = none,
                "The detector learns each whole frame.");
    monitor.def("learn_score_many", &learn_score_many, py::arg("values"), py::arg("phase") = none,
                "Each whole frame's score before it is learned.");
    monitor.def("explain_many", &explain_many, py::arg("values"), py::arg("phase") = none,
                "Each feature's share of the score * 65536, (frames, features).");
}

} // namespace twinbit::python
