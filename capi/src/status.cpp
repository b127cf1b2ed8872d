// Texts of the statuses, from the list in the header.
#include "twinbit.h"

extern "C" const char *tb_status_text(tb_status status) {
    switch (status) {
#define TEXT(name, value, text)                                                                                        \
    case name:                                                                                                         \
        return text;
        TB_STATUS_LIST(TEXT)
#undef TEXT
    default:
        return "unknown status";
    }
}
