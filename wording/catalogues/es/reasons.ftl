### Por qué: qué fue de cada promesa y de dónde sale. El nombre de cada mensaje es el código de su motivo.
###
### $about es aquello de lo que trata el acuerdo: lead, ticket... Un valor que falta es `none`.

## Partes de las frases de abajo

part-follow-up = { $about ->
    [lead] seguimiento
   *[other] contacto
 }
part-no-follow-up = { $awaits ->
    [answer] ninguna respuesta
   *[follow_up] ningún { part-follow-up }
 }
part-any-follow-up = { $awaits ->
    [answer] ninguna respuesta
   *[follow_up] ningún { part-follow-up }
 }
part-first-follow-up = { $awaits ->
    [answer] de una respuesta
   *[follow_up] del primer { part-follow-up }
 }
part-done = { $awaits ->
    [answer] se respondió
   *[follow_up] { part-followed-up }
 }
part-followed-up = { $about ->
    [lead] se hizo el seguimiento
   *[other] se respondió
 }
part-after = { $clock ->
    [working] { $took } de horario laboral desde que empezó a contar el plazo
   *[wall] { $took } de reloj desde que empezó a contar el plazo
 }
part-deadline-was = { $deadline ->
    [none] sin plazo mientras está en pausa
   *[other] el plazo vencía el { $deadline }
 }
part-deadline-is = { $deadline ->
    [none] sin plazo mientras está en pausa
   *[other] el plazo vence el { $deadline }
 }
part-ended = { $ended_by ->
    [recycled] se devolvió a marketing
    [connected] se logró el contacto
    [lost] se cerró por un negocio perdido
   *[closed] se cerró
 } el { $ended_at }

## Condiciones

equals = { $values_count ->
    [0] nada
    [one] { $values }
   *[other] uno de { $values }
 }
in-range = { $at_least ->
    [none] { $below ->
        [none] cualquier número
       *[other] menos de { $below }
    }
   *[other] { $below ->
        [none] al menos { $at_least }
       *[other] al menos { $at_least } y menos de { $below }
    }
 }
wanted = { $name } es { $wanted }
unmet = { $found ->
    [none] { $name } no se conoce; debería ser { $wanted }
   *[other] { $name } es { $found }; debería ser { $wanted }
 }

## El primer seguimiento

speed-met = A tiempo: { part-done } el { $at }, { part-after }; { part-deadline-was }.
speed-late = Tarde: { part-done } el { $at }, { part-after }; { part-deadline-was }, { $late_by } antes.
speed-closed = Ni cumplido ni incumplido: { part-ended } sin { part-any-follow-up }; { part-deadline-was }.
speed-open = A la espera { part-first-follow-up }; { part-deadline-is }.
speed-missed = Incumplido: no hubo { part-no-follow-up }; { part-deadline-was }. { $ended_by ->
    [none] Sigue pendiente.
   *[other] Después { part-ended }.
 }
excused = { $by ->
    [none] Eximido. Se cuenta aparte.
   *[other] Eximido por { $by }: { $reason }. Se cuenta aparte.
 }

## Intentos

depth-met = A tiempo: el intento { $attempts } se hizo el { $at }; { part-deadline-was }.
depth-connected = Ya no hace falta: se logró el contacto el { $ended_at }, tras { $made } de { $attempts } intentos; { part-deadline-was }.
depth-closed = Ni cumplido ni incumplido: { part-ended }, tras { $made } de { $attempts } intentos; { part-deadline-was }.
depth-open = En curso: { $made } de { $attempts } intentos hasta ahora; { part-deadline-is }.
depth-missed = Incumplido: { part-deadline-was }, con { $made } de { $attempts } intentos hechos{ $reached_at ->
    [none] { $ended_by ->
        [none] { "" } hasta ahora.
       *[other] . Después { part-ended }.
     }
   *[other] { "" } hasta ahora; el intento { $attempts } llegó tarde, el { $reached_at }.
 }

## Leads entregados

delivered = Cuenta como una entrega ({ $about }), en su primer traspaso válido{ $value ->
    [none] .
   *[other] , con un valor de { $value }.
 }
counted-before = Ya se contó en un traspaso anterior; solo cuenta una vez.
continued = Sigue con la promesa del ciclo anterior, porque se reabrió, y se juzga con él.
not-ready = No estaba listo para ventas, así que no cuenta para nadie: { $unmet }.

## Servicios

watched = De { $available } en que debía estar en servicio ({ $about }), estuvo caído { $down }.
still-down = Caído desde { $down_at }: hasta ahora cuentan { $lasted }.
outage-over = Caído de { $down_at } a { $up_at }: cuentan { $lasted }.
outage-open = { $up_at ->
    [none] Caído desde { $down_at }, cuando no tiene que estar en servicio: todavía no cuenta nada.
   *[other] Caído de { $down_at } a { $up_at }, cuando no tenía que estar en servicio: no cuenta nada.
 }
outage-excused = { $by ->
    [none] Caído desde { $down_at }, eximido. Se descuenta.
   *[other] Caído desde { $down_at }, eximido por { $by }: { $reason }. Se descuenta.
 }
still-there = Cliente desde el { $won_at }, y lo sigue siendo.
lost = { $back_at ->
    [none] Cliente desde el { $won_at }; perdido el { $lost_at }.
   *[other] Cliente desde el { $won_at }; perdido el { $lost_at }, de vuelta el { $back_at }.
 }
loss-excused = { $by ->
    [none] Perdido el { $lost_at }, eximido. Se descuenta del periodo en que se perdió.
   *[other] Perdido el { $lost_at }, eximido por { $by }: { $reason }. Se descuenta del periodo en que se perdió.
 }

## Entregables

delivery-met = A tiempo: confirmado antes del { $due }.
delivery-late = Tarde: confirmado solo después del { $due }.
delivery-missed = Incumplido: sin confirmar el { $due }.
delivery-open = Vence el { $due }.
wrong-recipient = fue para { $found }; lo acordado es { $agreed }
nothing-owed = { $to ->
    [none] ya no se debía nada: todo lo acordado estaba confirmado
   *[other] a { $to } ya no se le debía nada: estaba confirmado
 }

## Qué acuerdo, versión y segmento

uncovered = Ningún acuerdo se le aplica: nadie le debe nada, y se cuenta como fuera de acuerdo, nunca como cumplido.
version-in-force = { $began ->
    [created] en vigor desde el { $since } cuando se creó
   *[handed_off] en vigor desde el { $since } cuando se traspasó
 }
segment-matches = { $condition_count ->
    [0] el primer segmento que coincide: los admite todos
   *[other] el primer segmento que coincide: { $condition }
 }
no-segment-matches = ningún segmento coincide: { $unmet }
no-segments = el acuerdo no tiene segmentos
not-yet-in-force = está en vigor a partir del { $since }
other-subject = es para { $agreed }, y esto es { $found }
other-leads = se aplica a otros: { $unmet }

## Intentos que no cuentan

after-lost-deal = el negocio del ciclo { $cycle } ya se había perdido
within-tolerance = su hora, de un reloj sin fracciones de segundo, es { $early_by } anterior al comienzo del ciclo; hasta { $tolerance } se toma por el comienzo
never-handed-off = no ha habido ningún traspaso
before-first-hand-off = llegó antes del primer traspaso
between-cycles = el ciclo { $cycle } había acabado y no había empezado otro
by-automation = lo hizo un automatismo, y solo cuentan los intentos de personas
answers-nothing = lo hizo un automatismo, que solo cuenta como respuesta, y ningún mensaje esperaba una
wrong-direction = { $direction ->
    [inbound] entrante, y solo cuentan los salientes
   *[outbound] saliente, y solo cuentan los entrantes
 }
wrong-channel = por { $channel }, y solo cuenta { $counted }
wrong-outcome = { $outcome ->
    [bounced] rebotó
    [failed] falló
    [wrong_number] el número no era correcto
   *[other] su resultado fue { $outcome }
 }, y los resultados que cuentan son { $counted }
too-short = duró { $lasted }, y lo acordado es al menos { $least }

## Eventos que no cuentan

in-quarantine = pertenece a algo que está en cuarentena: no se puede juzgar
corrects = { $has_instead ->
    [yes] corrige { $event }: véase lo que pone en su lugar
   *[no] corrige { $event }
 }
corrected-later = un evento posterior lo corrige
merged-away = se fusionó con otro, para el que cuenta
of-unmerged-lead = se recibió para { $lead }, que no está fusionado con este

## El registro de resultados: por qué no hay próximo objetivo o por qué no fiarse de él

none-delivered = todavía no se ha entregado ningún { $about }
none-delivered-then = en los periodos de los que salen las tasas no se entregó ningún { $about }
no-deal-won = no se ganó ningún negocio de los { part-subjects } entregados, así que no se sabe cuánto tarda una venta
none-matured = ningún { $about } supera todavía la duración media del ciclo de venta
none-converted = de { part-leads }, ninguno se ha convertido en cliente
no-currency = hay negocios en varias monedas y no se acordó ninguna
nothing-paid = ningún cliente ha pagado nada en { $currency }
few-customers = { $customers ->
    [one] { $customers } cliente
   *[other] { $customers } clientes
 } de { part-leads }: muy pocos para fiarse, hacen falta { $wanted }
no-revenue = no hubo ingresos en { $currency } en el año, así que la parte de marketing no está definida
no-revenue-of-marketing = ninguno de los ingresos del año es de marketing
no-quota = no se acordó ninguna cuota de la que calcular un objetivo
of-segment = { $segment }: { $remark }
of-segments = { $remarks }

## Notas: lo que un acuerdo deja sin decir

parts-missing = falta decir: { $parts }
no-summary = de qué trata (summary)
no-goals-or-needs = los objetivos y las necesidades de { $parties }
no-addresses = una dirección de { $parties }
no-consequences = qué ocurre si no se cumplen los objetivos (credits, remedies)
no-cancellation = cuándo se puede poner fin al acuerdo (cancellation)
reps-in-no-team = { $reps_count ->
    [one] { $reps } no está
   *[other] { $reps } no están
 } en ningún equipo, de modo que ningún contacto de equipo se entera de sus leads
reps-not-counted = { $named ->
    [one] se nombra a { $named } comercial
   *[other] se nombra a { $named } comerciales
 } y capacity cuenta { $reps }: valen los primeros
override-closed = { part-calendar }: el horario propio del { $day } no tiene efecto, holidays.dates lo cierra
holidays-unknown = { part-calendar }: no se conocen los festivos de { $place } en { $year }; escríbalos en holidays.dates
holidays-estimated = { part-calendar }: { $holiday }, el { $day } ({ $place }), es una estimación, como los que le siguen según la luna; si se anuncian en otras fechas, escríbalas con date_overrides y holidays.dates
holiday-never = { part-calendar }: { $holiday } no es festivo hasta el { $until }

part-calendar = { $calendar ->
    [none] calendario
   *[other] calendario { $calendar }
 }
