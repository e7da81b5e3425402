### Lo que imprime `leadsla plan`.
###
### $about es aquello de lo que trata el acuerdo: lead, ticket... Un valor que falta es `none`.

plan-title = lo que marketing tiene que entregar en { $period }: { part-leads }
plan-title-of = { $agreement } { $obligation }, { $period }: { part-leads } por entregar
plan-segment = segmento
plan-quota = cuota
plan-share = parte de marketing
plan-deal = venta media
plan-close-rate = tasa de cierre
plan-revenue = objetivo de ingresos
plan-customers = clientes
plan-leads = { part-subjects }
plan-value = valor
plan-together = en total
plan-rounded = { $segments ->
    [one] el número de { part-subjects } se redondea hacia arriba
   *[other] cada uno de los { $segments } segmentos se redondea hacia arriba por separado y luego se suman
 }{ $currency ->
    [none] ; importes en la moneda de la cuota (--currency dice cuál)
   *[other] ; importes en { $currency }
 }
plan-a-day = { $a_day ->
    [none] ningún día de este periodo cuenta: todo vence al final
   *[other] { $a_day } al día, repartidos en { $days } { $spread ->
        [working_days] días laborables
       *[calendar_days] días
    }
 }
plan-if = si la tasa de cierre baja una décima parte: { $less } ({ $less_by }); si sube una décima parte: { $more } ({ $more_by })
plan-agreed = acordado ahora, en la versión { $version }: { $goal }
plan-feasible = { $obligation }: viable: { part-reps } atender { part-leads } en { part-tightest }{ $limited ->
    [yes] , tantos como puede tener cada uno
   *[no] {""}
 }{ $own ->
    [0] {""}
   *[other] , además de { $own } propios
 }: { $spare ->
    [one] sobra { $spare }
   *[other] sobran { $spare }
 }
plan-could-serve = qué cabe hacer: { $wanted ->
    [none] un objetivo de { $served }
   *[other] { $wanted } comerciales en lugar de { $reps }, o un objetivo de { $served }
 }
plan-no-reps = no se sabe si los comerciales pueden atender tantos: indique --reps, --attempts y --minutes, o `capacity` en un acuerdo
plan-assumed = se supone un horario de oficina: 8 horas al día, de lunes a viernes, sin festivos; un acuerdo (--from) tiene el suyo
plan-measured = { $segment ->
    [none] medido
   *[other] { $segment }, medido
 }: { $customers } clientes de { part-leads } ({ $rate }), a { $deal } cada uno; entregados desde el { $since } hasta el { $until }, sin incluir este último
plan-not-measured = { $segment ->
    [none] se mantienen las tasas acordadas
   *[other] { $segment }, se mantienen las tasas acordadas
 }: { $why }{ $would ->
    [none] {""}
   *[other] ; según las medidas serían { $would }
 }
plan-nothing-measured = las cifras todavía no dicen nada de este objetivo
plan-remark = { $segment ->
    [none] { $why }
   *[other] { $segment }: { $why }
 }
plan-by-measured-share = { $segment ->
    [none] con la parte de marketing tal como fue, el { $share }: { part-leads }
   *[other] { $segment }, con la parte de marketing tal como fue, el { $share }: { part-leads }
 }
plan-line = corresponde hasta el final de cada día
plan-line-of-months = corresponde hasta el final de cada mes
plan-week = semana del
plan-month = mes
plan-due = corresponde hasta el final del día

## Archivos

plan-proposed = { $file }: versión { $version }, en vigor desde el { $since } una vez desplegada; `leadsla check` la acepta
plan-still-named = { $lines_count ->
    [one] la línea { $lines } sigue diciendo { $goal }: revísela
   *[other] las líneas { $lines } siguen diciendo { $goal }: revíselas
 }
plan-written = se ha escrito { $file }

## La hoja de cálculo

plan-sheet = Plan
plan-line-sheet = Línea del objetivo
plan-inputs = Las celdas de color son los datos; todo lo demás se calcula a partir de ellas.
plan-currency = Importes en { $currency }
plan-all = todos los { part-subjects }
plan-value-of-one = valor de uno
plan-leads-if-less = { part-subjects } si la tasa de cierre baja
plan-leads-if-more = { part-subjects } si la tasa de cierre sube
plan-change = la tasa de cierre baja o sube
plan-reps = comerciales
plan-attempts = intentos cada uno
plan-minutes = minutos por intento
plan-time-share = parte de su tiempo para estos { part-subjects }
plan-hours = horas que trabaja un comercial en el periodo más ajustado
plan-served = { part-subjects } que pueden atender
plan-enough = basta
plan-yes = sí
plan-no = no
plan-reps-wanted = comerciales que hacen falta
plan-day = día
plan-counts = cuenta
