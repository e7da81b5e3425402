### Lo que imprime `leadsla status`.

status-figures = último cambio hace { $ago }; { $records ->
    [one] { $records } cifra
   *[other] { $records } cifras
 } de { $partitions ->
    [one] { $partitions } partición
   *[other] { $partitions } particiones
 }
status-no-figures = todavía no se ha publicado nada en { $partitions ->
    [one] { $partitions } partición
   *[other] { $partitions } particiones
 }
status-none = ningún acuerdo está en vigor
status-agreement = versión { $version }, a { $at }
status-standing = estado
status-listening = el servicio escucha desde el { $since }
status-silent = { $silent } de { $partitions ->
    [one] { $partitions } partición
   *[other] { $partitions } particiones
 } sin cifras de estos periodos todavía
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
