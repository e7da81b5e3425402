### Lo que imprime `leadsla replay`.
###
### $about es aquello de lo que trata el acuerdo: lead, ticket... Un valor que falta es `none`.

replay-as-of = a { $at }, { $leads ->
    [one] { part-leads } conocido
   *[other] { part-leads } conocidos
 }
replay-not-in-force = aún no en vigor
replay-nothing-to-count = { $title }: todavía no hay nada que contar
replay-beside = frente a: { $title }
replay-other-version = { $version } (otra)
replay-all = todos
replay-percent = { $number } %
replay-flags-title = intentos señalados, que cuentan como los demás
replay-of = { $found } de { $wanted }

## Encabezados: en una tabla de 160 columnas caben catorce, así que cuanto más cortos, mejor

column-period = periodo
column-segment = segmento
column-status = estado
column-messages = mensajes
column-answered = respondidos
column-leads = { part-subjects }
column-followed-up = atendidos
column-met = cumplidos
column-breached = incumplidos
column-open = abiertos
column-closed = cerrados
column-excused = eximidos
column-in-time = a tiempo
column-average = media
column-p50 = p50
column-p90 = p90
column-unconnected =
    sin
    contacto
column-attempts = intentos
column-connected =
    con
    contacto
column-all-attempts = a tiempo
column-delivered = entregados
column-value = valor
column-goal = objetivo
column-goal-to-date = objetivo a la fecha
column-ahead = diferencia
column-load = carga
column-due = previstos
column-quantity = cantidad
column-to-others = a otros
column-available = previsto
column-downtime = caído
column-uptime = disponible
column-outages = caídas
column-longest = la más larga
column-at-start = al inicio
column-kept = conservados
column-lost = perdidos
column-retention = retención
column-won = nuevos
column-team = equipo

## Estados de un periodo

period-open = abierto
period-published = publicado
period-restated = revisado
period-as-published = publicado
period-of-history = { $status }, histórico

## Incumplimientos

replay-breaches = { $breaches ->
    [one] { $breaches } incumplimiento
   *[other] { $breaches } incumplimientos
 }
replay-of-breaches = { $resolved ->
    [one] { $resolved } subsanado
   *[other] { $resolved } subsanados
 } tarde, { $owed ->
    [one] { $owed } aún pendiente
   *[other] { $owed } aún pendientes
 }; de ellos, { $historic ->
    [one] { $historic } cargado
   *[other] { $historic } cargados
 } como histórico; y { $others ->
    [one] { $others } aviso o escalado
   *[other] { $others } avisos y escalados
 }
replay-owed = { $about } { $lead } (ciclo { $cycle }), pendiente de { $who }
replay-more-before = ... y { $count } más, anteriores

## Lo que no está en ninguna cifra

replay-uncovered-label = fuera de acuerdo
replay-uncovered = { $count ->
    [one] { $count } traspaso, que no cuenta para nadie
   *[other] { $count } traspasos, que no cuentan para nadie
 }
replay-quarantined-label = en cuarentena
replay-quarantined = { $leads ->
    [one] { part-leads } que no se puede juzgar y no cuenta para nada
   *[other] { part-leads } que no se pueden juzgar y no cuentan para nada
 }
replay-unpublished-label = fuera de lo publicado
replay-unpublished = { $leads ->
    [one] { part-leads } que no se puede juzgar al cierre de un periodo
   *[other] { part-leads } que no se pueden juzgar al cierre de un periodo
 }
replay-left-out = { $about } { $lead }: { $why }
replay-unfoldable-label = excluidos
replay-unfoldable = { $count ->
    [one] { $count } evento que no se puede combinar
   *[other] { $count } eventos que no se pueden combinar
 }
replay-unfoldable-event = { $source } { $id } de { $lead }: { $why }

## Objetivos, y lo que se deriva de ellos

goals-label = objetivos
goals-title = deciden las cifras publicadas; ambas partes saben de lo cumplido y de lo incumplido
goals-none = objetivos: todavía no hay ningún periodo
goals-obligation = obligación
goals-by = de
goals-for = para
goals-agreed = acordado
goals-found = resultado
goals-goal = objetivo
goals-what-follows = consecuencias
goals-met = cumplido
goals-missed = incumplido
goals-nothing-due = nada que cumplir
goals-open = abierto
goals-published-on = se publica el { $day }
goals-now = { $result ->
    [met] ahora cumplido
    [missed] ahora incumplido
   *[none] ahora -
 }
goals-credit = se devuelve el { $share } de la tarifa (por debajo del { $below }){ $capped_from ->
    [none] {""}
   *[other] , con tope (serían { $capped_from })
 }{ $amount ->
    [none] {""}
   *[other] : { $amount } de { $fee }
 }{ $claim_until ->
    [none] {""}
   *[other] , a reclamar hasta el { $claim_until }
 }{ $exclusions ->
    [none] {""}
   *[other] ; no se aplica a: { $exclusions }
 }
goals-remedy = { $owner }, a más tardar el { $day }: { $action } ({ $status ->
    [confirmed] hecho el { $done } por { $done_by }{ $late ->
        [none] {""}
       *[other] , con { $late } de retraso
    }
    [overdue] vencido
   *[due] pendiente
 })
goals-may-be-ended = puede rescindirse si se incumple { $obligations } { part-intervals }
goals-end-reached = { $condition }: se da el caso, { $row } seguidos desde el { $since }
goals-end-not-reached = { $condition }: ahora van { $row }
goals-end-reached-on = se dio el { $day }: incumplido del { $first } al { $last }

## Eventos del acuerdo

events-label = eventos
events-title = aplausos y problemas
event-goal-reached = { $obligation }: se ha alcanzado el objetivo de { $agreed } para { $period }
event-period-met = { $obligation }: cumplido en { $period }, con { $found }; se había acordado { $agreed }
event-period-missed = { $obligation }: incumplido en { $period }, con { $found }; se había acordado { $agreed }
event-credit-due = { $obligation }: se devuelve el { $credit } de la tarifa de { $period }{ $amount ->
    [none] {""}
   *[other] , { $amount }
 }{ $claim_until ->
    [none] {""}
   *[other] , a reclamar hasta el { $claim_until }
 }
event-remedy-due = { $obligation }: por el incumplimiento de { $period }, { $owner } tiene hasta el { $day }: { $action }
event-remedy-overdue = { $obligation }: por el incumplimiento de { $period }, { $owner } tenía hasta el { $day } y no lo ha confirmado: { $action }
event-cancellation-near = el acuerdo podrá rescindirse si se incumple { $interval ->
    [day] un día
    [week] una semana
    [month] un mes
    [quarter] un trimestre
   *[year] un año
 } más; incumplidos seguidos: { $periods } ({ $obligations })
event-cancellation-reached = el acuerdo puede rescindirse; incumplidos seguidos: { $periods } ({ $obligations })
event-best-week = { $obligation }: { $period } ha sido la mejor de { $weeks } semanas, con { $found }; la mejor hasta entonces tuvo { $before }

## El registro de resultados

ledger-came-title = en qué quedaron los { part-subjects }
ledger-follows-title = el próximo objetivo, según las tasas de los { part-subjects } maduros
ledger-open = { $period } (abierto)
ledger-at-end = conocido al cierre
ledger-converted = convertidos
ledger-so-far = hasta ahora
ledger-won = ganados
ledger-lost = perdidos
ledger-revenue = ingresos
ledger-all-revenue = ingresos totales
ledger-sales-cycle = ciclo de venta
ledger-customers = clientes
ledger-of-leads = de { part-subjects }
ledger-close-rate = tasa de cierre
ledger-a-customer = por cliente
ledger-our-share = parte de marketing
ledger-next-goal = próximo objetivo
ledger-at-agreed-share = con la parte acordada
ledger-next-value = próximo valor
ledger-few = pocos:
ledger-days = { $days } d
ledger-rests-on = la última fila se basa en los { part-subjects } entregados desde el { $since } hasta el { $until }, sin incluir este último; una venta tarda { $cycle } de media sobre { $deals ->
    [one] { $deals } negocio
   *[other] { $deals } negocios
 }
ledger-foreign = { $agreed ->
    [none] los negocios en { $currencies } se cuentan aparte: no se acordó ninguna moneda
   *[other] los negocios en { $currencies } se cuentan aparte: las tasas están en { $agreed }
 }
