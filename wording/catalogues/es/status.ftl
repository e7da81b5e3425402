### Lo que imprime `leadsla status`.

status-last-change = último cambio hace { $ago }
status-none = todavía no consta nada de ningún acuerdo
status-as-of = a { $at }{ $since ->
    [none] {""}
   *[other] ; el servicio escucha desde el { $since }
 }
status-withdrawn = retirado, ya no figura en ningún archivo
status-owner = { $owner ->
    [behind] no se ha decidido nada desde el { $day }: el proceso que lo lleva va con retraso o está parado (véase /readyz)
    [silent] no se sabe nada del proceso que lo lleva: lo que sigue puede no estar al día
   *[nothing_written] nadie ha decidido nada todavía; esto es lo que se deriva de sus cifras
 }

## Quién cumple

status-both = { $standing ->
    [kept] ambas partes cumplen
   *[nothing_due] aún no hay nada que cumplir
 }
status-party = { $standing ->
    [kept] { $party } cumple
    [at_risk] { $party } está en riesgo con { $promises }
    [broken] { $party } ha incumplido { $promises }
   *[nothing_due] { $party } aún no tiene nada que cumplir
 }
status-owes = { $party } debe
status-standing = estado
status-word = { $standing ->
    [kept] cumplido
    [at_risk] en riesgo
    [broken] incumplido
   *[nothing_due] nada aún
 }
status-means = { $standing ->
    [kept] tal como están las cosas se alcanza lo acordado; de un objetivo, ha llegado cuanto corresponde hasta la fecha
    [at_risk] no se alcanza lo acordado, pero aún es posible
    [broken] en este periodo ya no se puede alcanzar lo acordado
   *[nothing_due] todavía no hay nada que juzgar
 }

## Lo que queda por delante en un periodo

status-due-to-date = { $due } a la fecha
status-projection = va camino de { $found }
status-load = el { $load } de lo que pueden atender los comerciales
status-budget = { $left ->
    [0] no puede fallar ninguno más
    [one] puede fallar { $left } más
   *[other] pueden fallar { $left } más
 }
status-overspent = { $used ->
    [one] ha fallado { $used }
   *[other] han fallado { $used }
 } y { $allowed ->
    [0] no podía fallar ninguno
    [one] solo podía fallar { $allowed }
   *[other] solo podían fallar { $allowed }
 }
status-downtime = puede estar caído { $left } más
status-down-too-long = caído durante { $used }, con un margen de { $allowed }

## Lo que está decidido

status-results = resultados
status-result = { $period } { $result ->
    [met] cumplido
    [missed] incumplido
   *[none] nada que cumplir
 }{ $attainment ->
    [none] {""}
   *[other] {" "}({ $attainment })
 }{ $history ->
    [none] {""}
   *[other] {" "}(historial)
 }
status-credits = créditos
status-remedies = medidas
status-right-to-end = rescisión
status-next-goal = próximo objetivo
status-remedy = { $status ->
    [confirmed] hecho por { $done_by } el { $done }
    [overdue] vencido, { $owner }, a más tardar el { $day }
   *[due] { $owner }, a más tardar el { $day }
 }: { $action }
status-goal-by-rates = { $obligation }: { $found ->
    [none] { $agreed ->
        [none] ninguno
       *[other] { $agreed }, como se acordó
     }
   *[other] { $found } según las tasas más recientes{ $agreed ->
        [none] {""}
       *[other] ; acordado: { $agreed }
     }
 }{ $remark ->
    [none] {""}
   *[other] ; { $remark }
 }
