"""Who may ask what: the table that the house keeps itself to."""

from .house import PEOPLE

OPEN = {"/live", "/ready", "/asyncapi.json", "/token"}
"""Nobody need be known here."""
EVERYWHERE = """
    GET /operations                                      administrator union service
    GET /parked                                          administrator union service
    GET /trying                                          administrator union service
    GET /parked/{id_}                                    administrator union service
    POST /parked/{consumer}/{subject}/replay             administrator
    POST /parked/{consumer}/{subject}/skip               administrator
    POST /consumers/{consumer}/resume                    administrator
    GET /facts                                           administrator union service
    POST /seal                                           administrator
    POST /seal/published                                 administrator
    GET /seal/published                                  administrator
    GET /seal/stories/{subject}                          administrator
    GET /seal/windows                                    administrator
    GET /practice/quiet                                  administrator service
    POST /practice/clock                                 administrator service
"""
WHO_MAY = {
    "order-intake": """
    POST /orders/{order_id}/people/full                  enterprise
    POST /enterprises                                    union
    GET /enterprises                                     union enterprise service
    PUT /enterprises/{enterprise_id}                     union
    GET /enterprises/{enterprise_id}                     union enterprise service
    POST /surveys                                        union
    GET /surveys                                         union
    POST /surveys/{survey_id}/answers                    union enterprise
    POST /surveys/{survey_id}/close                      union
    GET /surveys/mine                                    enterprise
    GET /surveys/{survey_id}                             union
    PUT /surveys/{survey_id}/answers/{enterprise_id}     union enterprise
    POST /surveys/{survey_id}/answers/{enterprise_id}/withdraw  enterprise
    POST /surveys/{survey_id}/answers/{enterprise_id}/order  union enterprise
    POST /surveys/{survey_id}/remind                     union
    POST /surveys/{survey_id}/paper/look                 union
    POST /surveys/{survey_id}/paper/take                 union
    POST /orders                                         enterprise
    GET /orders                                          union enterprise service
    PUT /orders/{order_id}                               enterprise
    GET /orders/{order_id}                               union enterprise service
    POST /orders/{order_id}/submit                       enterprise
    POST /orders/{order_id}/discard                      enterprise
    POST /orders/{order_id}/withdraw                     enterprise
    POST /orders/{order_id}/amend                        enterprise
    POST /orders/{order_id}/cancel                       union enterprise
    POST /orders/{order_id}/lines/{line}/close           union
    POST /orders/{order_id}/accept                       union
    POST /orders/{order_id}/return                       union
    POST /orders/{order_id}/reject                       union
    POST /orders/{order_id}/lines/{line}/roster          enterprise
    POST /orders/{order_id}/lines/{line}/roster/same-as/{other}  enterprise
    POST /orders/{order_id}/lines/{line}/roster/sheet    enterprise
    POST /orders/{order_id}/lines/{line}/roster/look     enterprise
    POST /orders/{order_id}/lines/{line}/roster/take     enterprise
    POST /orders/{order_id}/lines/{line}/roster/undo     enterprise
    GET /orders/{order_id}/trainees                      union enterprise
    POST /orders/{order_id}/people/{worker_id}/reveal    union enterprise
    POST /people                                         union service
    GET /workers/{worker_id}                             union enterprise
    GET /kept                                            union administrator
    POST /workers/{worker_id}/export                     union enterprise
    POST /workers/{worker_id}/erase                      union
    GET /pools/proposals                                 union
    POST /pools                                          union
    GET /pools/{order_id}                                union enterprise
    POST /pools/{order_id}/withdraw                      union
    POST /orders/{order_id}/pool/consent                 enterprise
    POST /orders/{order_id}/pool/leave                   union enterprise
    """,
    "scheduling": """
    GET /catalogue                                       anybody
    POST /catalogue/check                                union
    GET /orders/{order_id}/scheme                        union enterprise service
    GET /orders/{order_id}/schemes/{version}             union enterprise service
    POST /orders/{order_id}/scheme/approve               union
    POST /orders/{order_id}/scheme/confirm               enterprise
    POST /orders/{order_id}/scheme/decline               union enterprise
    POST /orders/{order_id}/scheme/redraft               union
    GET /orders/{order_id}/scheme/alternatives           union
    POST /orders/{order_id}/scheme/alternatives/{name}/take  union
    POST /orders/{order_id}/scheme/sessions/{session_id}/move  union
    POST /orders/{order_id}/scheme/sessions/{session_id}/cancel  union
    POST /federation/improvements                        union
    POST /federation/scenarios                           union
    GET /federation/{kind}                               union
    GET /federation/{kind}/{run_id}                      union
    POST /federation/{kind}/{run_id}/stop                union
    POST /federation/{kind}/{run_id}/adopt               union
    POST /federation/{kind}/{run_id}/drop                union
    GET /orders/{order_id}/scheme/sessions/{session_id}/why      union
    GET /orders/{order_id}/scheme/sessions/{session_id}/why-not  union
    GET /orders/{order_id}/scheme/sessions/{session_id}/people   union
    GET /orders/{order_id}/scheme/sessions/{session_id}/why-then union
    GET /orders/{order_id}/scheme/sessions/{session_id}/unlocks  union
    GET /orders/{order_id}/scheme/sessions/{session_id}/rivals   union
    GET /federation/scarcity                             union
    POST /orders/{order_id}/scheme/changes/look          union
    POST /orders/{order_id}/scheme/changes               union
    POST /orders/{order_id}/scheme/undo                  union
    GET /orders/{order_id}/schemes/{version}/differences/{other}  union enterprise service
    GET /sessions                                        union enterprise service
    GET /returns                                         union
    GET /signers                                         union enterprise administrator
    POST /signers                                        union enterprise
    POST /signers/drop                                   union enterprise administrator
    POST /deputies                                       union enterprise
    POST /deputies/drop                                  union enterprise
    """,
    "instructor-dispatch": """
    POST /colleges                                       union
    GET /colleges                                        union college
    GET /colleges/{college_id}                           union college
    POST /colleges/{college_id}/agreements               union
    POST /colleges/{college_id}/agreements/end           union
    POST /instructors                                    union college
    GET /instructors                                     union college
    PUT /instructors/{person_id}                         union college
    POST /instructors/{person_id}/absences               union college instructor assessor
    POST /instructors/{person_id}/absences/preview       union college instructor assessor
    POST /instructors/{person_id}/absences/end           union college
    PUT /instructors/{person_id}/calendars/{calendar}    union college instructor assessor
    POST /instructors/{person_id}/calendars/{calendar}/preview  union college instructor assessor
    GET /instructors/{person_id}/wishes                  union college instructor assessor
    PUT /instructors/{person_id}/wishes                  union college instructor assessor
    POST /instructors/{person_id}/retire                 union college
    POST /people                                         union service
    GET /offers                                          union college
    GET /offers/{assignment_id}                          union college
    GET /load                                            union college
    GET /fairness                                        union college
    GET /expiring                                        union college
    POST /overrides                                      union
    GET /overrides                                       union college
    POST /overrides/{override_id}/withdraw               union
    GET /refusals                                        union college
    GET /refusals/reasons                                union college
    GET /refusals/words                                  union college
    GET /quota                                           union college
    POST /offers/accept                                  college
    POST /offers/{assignment_id}/accept                  college
    POST /offers/{assignment_id}/take                    college
    POST /offers/{assignment_id}/confirm                 college
    POST /offers/{assignment_id}/name                    college
    POST /offers/{assignment_id}/substitute              college
    POST /offers/{assignment_id}/decline                 college
    POST /offers/{assignment_id}/withdraw                college
    GET /sessions/{session_id}/people                    union college
    GET /offers/{assignment_id}/people                   union college
    GET /burdens                                         union college
    POST /sessions/{session_id}/open-call                union
    POST /batches/{batch_id}/open-call                   union
    GET /assignments                                     union college instructor assessor
    """,
    "evaluation": """
    POST /sessions/{session_id}/open                     instructor
    POST /sessions/{session_id}/sign-in                  instructor
    GET /sessions/{session_id}/code-key                  instructor
    GET /sessions/{session_id}/report                    union enterprise instructor
    POST /sessions/{session_id}/photos                   instructor
    GET /sessions/{session_id}/photos/{photo_id}         union enterprise instructor
    GET /sessions/{session_id}/list                      instructor union
    POST /sessions/{session_id}/list                     instructor union
    POST /sessions/{session_id}/list/pdf                 instructor union
    POST /sessions/{session_id}/list/look                instructor union
    POST /sessions/{session_id}/list/file                instructor union
    POST /sign-in/tickets                                service
    POST /sign-in/tickets/{ticket_id}                    service
    POST /sessions/{session_id}/close                    instructor union
    POST /sessions/{session_id}/confirm                  enterprise
    POST /sessions/{session_id}/dispute                  enterprise
    POST /sessions/{session_id}/excuses                  enterprise
    POST /sessions/{session_id}/sign-out                 instructor
    POST /sessions/{session_id}/arrival                  instructor
    POST /sessions/{session_id}/attendance               union instructor
    POST /sessions/{session_id}/corrections/{correction_id}/confirm  union
    POST /sessions/{session_id}/corrections/{correction_id}/refuse  union
    GET /corrections                                     union
    GET /sessions                                        union enterprise instructor
    GET /sessions/{session_id}                           union enterprise instructor
    POST /orders/{order_id}/batches                      union
    GET /orders/{order_id}/batches                       union enterprise
    GET /batches                                         assessor
    GET /batches/{batch_id}                              union enterprise assessor
    GET /batches/{batch_id}/archive                      union
    POST /batches/{batch_id}/rooms                       union
    POST /batches/{batch_id}/move                        union
    POST /batches/{batch_id}/cancel                      union
    POST /batches/{batch_id}/marks                       assessor
    POST /batches/{batch_id}/marks/confirm               union assessor
    POST /evaluations/{evaluation_id}/excuse             union
    POST /evaluations/{evaluation_id}/evidence           union
    POST /batches/{batch_id}/post                        union
    POST /batches/{batch_id}/certificates                union
    POST /evaluations/{evaluation_id}/objections         union enterprise
    POST /evaluations/{evaluation_id}/objections/settle  union
    POST /evaluations/{evaluation_id}/void               union
    GET /orders/{order_id}/claims                        union enterprise
    POST /orders/{order_id}/claims                       enterprise
    POST /claims/what-if                                 union administrator
    POST /claims/{claim_id}/withdraw                     enterprise
    POST /claims/{claim_id}/settle                       union
    GET /claims/{claim_id}/pack                          union enterprise
    POST /certificates/{certificate_id}/revoke           union
    POST /certificates/{certificate_id}/suspend          union
    POST /certificates/{certificate_id}/reinstate        union
    POST /certificates/{certificate_id}/reissue          union
    POST /certificates/{certificate_id}/renew            union
    GET /number-ranges                                   union
    POST /number-ranges                                  union
    POST /number-ranges/{range_id}/void                  union
    POST /number-ranges/{range_id}/close                 union
    GET /badges/certificates/{number}                    service
    GET /badges/status/{issuer}/{series}/{purpose}       service
    GET /badges/issuers/{issuer}                         service
    GET /badges/issuers/{issuer}/did.json                service
    GET /certificates                                    union enterprise
    GET /certificates/{certificate_id}/pdf               union enterprise
    POST /orders/{order_id}/printing                     union enterprise
    GET /orders/{order_id}/printing                      union enterprise
    GET /orders/{order_id}/certificates.zip              union enterprise
    GET /findings                                        union
    GET /findings/{finding_id}                           union
    POST /findings/{finding_id}/answer                   union
    POST /findings/{finding_id}/close                    union
    POST /answers/look                                   service
    POST /answers                                        service
    GET /satisfaction                                    service
    GET /orders/{order_id}/satisfaction-words            union
    GET /followups                                       union enterprise
    GET /orders/{order_id}/followups                     union enterprise
    POST /orders/{order_id}/followups/{months}           enterprise
    POST /orders/{order_id}/followups/{months}/remind    union
    GET /workers/{worker_id}                             union enterprise
    GET /kept                                            union administrator
    """,
    "portal": """
    POST /accounts                                       administrator
    GET /accounts                                        administrator
    GET /report.json                                     union administrator
    GET /orders.json                                     union enterprise college administrator
    GET /orders/{order}/story.json                       union enterprise college administrator
    GET /orders/{order}/coverage.json                    union enterprise administrator
    GET /certificates/{number}/way.json                  union enterprise administrator
    """,
}
"""Who may, by door. A new door has no place here yet, and fails the first test below."""


def who_may(service: str) -> dict[tuple[str, str], set[str]]:
    rows = [row.split() for row in (WHO_MAY[service] + EVERYWHERE).splitlines() if row.strip()]
    everybody = {*PEOPLE, "service"}
    return {
        (method, path): everybody if roles == ["anybody"] else set(roles) for method, path, *roles in rows
    }
