// The operator's calls.
#include "monitor/feedback.hpp"

#include "memory/bytes.hpp"
#include "monitor/adaptation.hpp"
#include "monitor/candidate.hpp"
#include "monitor/watch.hpp"

namespace twinbit {

namespace {

// What alarms or drifts is normal.
void accept(const tb_monitor &m) {
    if (relearns(m)) {
        if (!candidate_matches(m)) {
            begin_candidate(m);
        }
        take_over(m);
        return;
    }
    end_drift(m, TB_MONITORING);
    header(m).alarm = 0;
    if (policy_words_of(m).kind == PolicyKind::adapt) {
        keep_good(m); // what has crept in is the reference from now on
    }
}

void reject(const tb_monitor &m) {
    if (header(m).state == TB_DRIFTING) {
        end_drift(m, TB_MONITORING);
    }
    Loop &l = loop_of(m);
    l.candidate = 0; // of `adapt`, too: its frames may be the fault's
    l.muted = half_of(m);
    forget_scores(m);
}

} // namespace

tb_status feedback(const tb_monitor &m, std::uint32_t word) {
    const bool judges = word == TB_NOT_A_FAULT || word == TB_FAULT;
    const bool nothing = header(m).state != TB_DRIFTING && header(m).alarm == 0;
    if ((judges && nothing) || (word == TB_NOT_A_FAULT && loop_of(m).held != 0)) {
        return TB_ERR_STATE;
    }
    const Update update(m);
    record(m, TB_EVENT_FEEDBACK, word);
    if (word == TB_NOT_A_FAULT) {
        accept(m);
    } else if (word == TB_FAULT) {
        reject(m);
    } else {
        loop_of(m).held = word == TB_HOLD ? 1 : 0;
    }
    note_changes(m, loop_of(m).state, loop_of(m).alarm, 0);
    return TB_OK;
}

tb_status roll_back(const tb_monitor &m) {
    if (!good_matches(m)) {
        return TB_ERR_STATE;
    }
    const Update update(m);
    end_drift(m, TB_MONITORING);
    copy_model(m, attached_monitor(m, TB_GOOD));
    decision_of(m).renew(block_of(m, TB_PART_DECISION)); // the words may be other ones by now
    model_changed(m);
    Loop &l = loop_of(m);
    l.held = 1;
    l.kept = 0; // they are of another model
    record(m, TB_EVENT_ROLLED_BACK, 0);
    note_changes(m, l.state, l.alarm, 0);
    return TB_OK;
}

void loop_state(const tb_monitor &m, tb_loop &out) {
    const Loop &l = loop_of(m);
    clear(out);
    out.since = header(m).state == TB_DRIFTING ? l.halves * half_of(m) + l.since : 0;
    out.over = l.over[0] + l.over[1];
    out.creep = creep_of(m);
    out.blocks = l.kept;
    out.held = l.held != 0 ? 1 : 0;
    out.asked = l.asked != 0 ? 1 : 0;
    out.muted = l.muted != 0 ? 1 : 0;
    out.candidate = m.attached[TB_CANDIDATE] != nullptr && candidate_matches(m)
                        ? header(attached_monitor(m, TB_CANDIDATE)).state
                        : std::uint8_t{TB_CANDIDATE_NONE};
    out.good = good_matches(m) ? 1 : 0;
}

} // namespace twinbit
