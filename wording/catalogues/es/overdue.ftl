### Lo que imprime `leadsla overdue`.

overdue-as-of = a { $at }
overdue-count = { $overdue ->
    [one] { $overdue } vencido
   *[other] { $overdue } vencidos
 }, { $due } por juzgar, { $at_risk } en riesgo, { $running } en curso, { $paused } en pausa
overdue-none = ningún plazo está abierto
overdue-more = ... { $count } más
overdue-historic = { $count ->
    [one] otro es histórico: había vencido antes de que el servicio supiera de él
   *[other] otros { $count } son históricos: habían vencido antes de que el servicio supiera de ellos
 }
overdue-state = estado
overdue-lead = lead
overdue-promise = obligación
overdue-owner = responsable
overdue-deadline = vencimiento
overdue-word = { $state ->
    [overdue] { $by ->
        [none] vencido
       *[other] vencido +{ $by }
     }
    [due] vencido, por juzgar
    [at_risk] { $left ->
        [none] en riesgo
       *[other] { $until ->
            [none] en riesgo, margen de { $left }
           *[other] en riesgo, margen de { $left } desde { $until }
         }
     }
    [running] { $left ->
        [none] en curso
       *[other] margen de { $left }
     }
   *[paused] { $until ->
        [none] { $left ->
            [none] en pausa
           *[other] en pausa, margen de { $left }
         }
       *[other] en pausa hasta { $until }
     }
 }
