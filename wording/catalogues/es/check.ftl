### Lo que imprime `leadsla check`.
###
### $about es aquello de lo que trata el acuerdo: lead, ticket... Un valor que falta es `none`.

check-agreement = { $agreement } { $version }, en vigor desde el { $since }{ $years_from ->
    [none] {""}
   *[other] , con años que empiezan en { $years_from }
 }{ $about ->
    [lead] {""}
   *[other] , objeto { $about }
 }: { $obligations }
check-deadline = { $obligation }{ $whose ->
    [none] {""}
   *[other] {" "}({ $whose })
 }: { $starts ->
    [created] creado el
    [inbound] mensaje del
   *[handed_off] traspasado el
 } { $start }, { $due ->
    [none] no vence nunca
   *[other] vence el { $due }
 }
check-days-as-hours = { $hours } horas de horario laboral son { $days } días de { $day }; si se trata de días laborables, escriba within: {"{"}working_days: { $instead }{"}"}
part-whose = { $of ->
    [segment] segmento { $name }
    [team] equipo { $name }
   *[agreement] los demás
 }
check-feasible = { $obligation }: viable: { part-reps } atender { part-leads } en { part-tightest }{ $limited ->
    [yes] , tantos como puede tener cada uno
   *[no] {""}
 }{ $own ->
    [0] {""}
   *[other] , además de { $own } propios
 }; { $agreed ->
    [one] se acordó { $agreed }
   *[other] se acordaron { $agreed }
 }, { $spare ->
    [one] sobra { $spare }
   *[other] sobran { $spare }
 }
check-not-feasible = { $obligation }: inviable: { part-reps } atender { $served } de { part-leads } en { part-tightest }{ $limited ->
    [yes] , tantos como puede tener cada uno
   *[no] {""}
 }; { $wanted ->
    [none] nadie trabaja entonces
    [one] hace falta { $wanted } comercial
   *[other] hacen falta { $wanted } comerciales
 }
check-note = nota: { $note }
no-operations = nota: nadie se entera de las alertas sobre el propio servicio, como la de que ningún worker responde; indique quién se ocupa de él con --ops-email u --ops-webhook, o en LEADSLA_OPS_EMAIL o LEADSLA_OPS_WEBHOOK
check-taken-over = { $broker }: un worker aceptaría estos acuerdos

part-reps = { $reps ->
    [one] { $reps } comercial puede
   *[other] { $reps } comerciales pueden
 }
part-tightest = { $interval ->
    [day] el día más ajustado del año ({ $period })
    [week] la semana más ajustada del año ({ $period })
    [month] el mes más ajustado del año ({ $period })
    [quarter] el trimestre más ajustado del año ({ $period })
   *[year] el año más ajustado ({ $period })
 }

## Ediciones de las reglas: qué lee cada una de otro modo que la anterior

check-edition = la edición { $edition } de las reglas es posterior a la de los workers de allí: todo se vuelve a juzgar según ella y las cifras publicadas no cambian; lo que lee de otro modo:
edition-3 =
    un intento con la misma hora que el final de su ciclo pertenece a ese ciclo; un contacto logrado y la llamada que lo logra, también
    un intento que rebotó, falló o dio con un número incorrecto no cuenta, salvo que follow_up.outcomes lo diga
    una pausa que empezó antes que su plazo cuenta desde el comienzo del plazo
    un aviso no cuenta las pausas, como tampoco el plazo: 10m antes son diez minutos de su reloj
    un intento cuya hora, sin fracciones de segundo, es hasta 1s anterior a su ciclo pertenece a él (follow_up.tolerance)
    un negocio perdido cierra el ciclo de su lead, salvo que lost_deal diga goes_on
    los valores y los canales se comparan sin distinguir mayúsculas: P1 es p1
    los eventos de un lead y de un ticket con el mismo origen e id son dos eventos, y una corrección se refiere al de su propia clase
edition-4 =
    un horario propio de un día (date_overrides) prevalece sobre el festivo del país: ese día se abre en ese horario; las fechas de dates siguen cerradas
    lo que vence en un día sin horas de apertura vence en el siguiente que las tiene, salvo que due.on_closed_day diga previous o same
    el plazo del responsable corre en el horario del equipo que tiene el lead: una vez reasignado, en el del nuevo equipo
    el plazo propio del lead, desde su creación, sigue el horario de su segmento o del acuerdo, sea cual sea el equipo al que se traspasó
