### Si lo que dice un servicio en marcha puede no estar al día.

freshness-blind = puede no estar al día o no estar todo: { $why }
partitions-never-heard = nunca se ha sabido de { $partitions_count ->
    [one] la partición { $partitions }
   *[other] las particiones { $partitions }
 }
partitions-silent = no se sabe nada de { $partitions_count ->
    [one] la partición { $partitions }
   *[other] las particiones { $partitions }
 } desde hace { $silent_for }
partitions-behind = { $behind_by ->
    [none] { $partitions_count ->
        [one] la partición { $partitions } aún no ha llegado
       *[other] las particiones { $partitions } aún no han llegado
     } a nada
   *[other] { $partitions_count ->
        [one] la partición { $partitions } lleva
       *[other] las particiones { $partitions } llevan
     } { $behind_by } de retraso
 }
topic-incomplete = { $topic } no contiene todo de { $partitions_count ->
    [one] la partición { $partitions }
   *[other] las particiones { $partitions }
 }
history-loading = se está cargando el historial en { $partitions_count ->
    [one] la partición { $partitions }
   *[other] las particiones { $partitions }
 }: el tiempo no corre para los leads que trae
leads-set-aside = { $leads ->
    [one] falta un lead que no se puede juzgar
   *[other] faltan { $leads } leads que no se pueden juzgar
 }
