"""The codes of the reasons that a submission may have, for whoever looks for one by its code.

A lead has more: the codes of its playbook's rules.
"""

REASON_WORDS = (
    "addressee another_table answers_no_mail attendance auto_reply bounce broken_line "
    "captcha_failed captcha_missing colleague_of_sender comment complaint consent_changed "
    "consent_required contact_in_message contact_of_others conversation cut_off differs "
    "email_disposable email_invalid erasure_asked failed file_refused forged honeypot mail_event "
    "mended_line misfit name newsletter no_customer no_inquiry no_labels no_longer_there "
    "no_such_lead no_way_to_reach no_wish nobody_named nobody_to_reach not_a_number not_fetched "
    "nul odd_answer odd_shape offer owner_unknown page_not_shown passed_on phone_as_number "
    "phone_invalid possible_match postcode read_anew read_otherwise reply required resent "
    "same_person sender_not_trusted several_persons shifted_line signature since spam "
    "staff_of_sender stage surrogate test too_long too_quick trial two_persons unknown_line "
    "unknown_source "
    "unreadable virus wrong_type "
)
REASON_CODES = frozenset(REASON_WORDS.split())
