### Lo que imprime `leadsla import`.

## Antes de leer una tabla

import-read-as = { $file }: { $as }
import-ask-dates = { $columns }: ¿llevan las fechas primero el día, como { $day_first }, o el mes, como { $month_first }?{ $only ->
    [none] {""}
   *[other] {" "}La fila { $only } solo puede ser { $fits }.
 } Diga cuál: --dates, o dates en el mapping
import-ask-both = columna «{ $column }»: en la fila { $day } el día tiene que ir primero, en la fila { $month } el mes; no se puede leer una columna con fechas de ambas clases
import-ask-zone = columna «{ $column }»: { $example } no lleva desfase; diga en qué zona fue: --zone Europe/Madrid, o zone en el mapping
import-guessed = deducido de los nombres de las columnas: compruebe si es correcto, guárdelo, edítelo e indíquelo con --mapping
import-how-on = este mapping es una suposición; con --out FICHERO se usa, con --preview se muestran sus primeros eventos, y guardado y editado se indica con --mapping

## Filas rechazadas

import-row = fila { $row }: { $why }
import-cell = fila { $row }, columna «{ $column }»: { $why }
import-too-many-cells = tiene { $cells } celdas y hay { $columns } columnas: ¿faltan unas comillas?
import-no-event = no ocurrió ninguno de sus eventos: todas sus horas están en blanco, o el mapping no tiene evento para ella
import-no-lead = falta el id para { $event }
import-lead-again = { $name } ya está en la fila { $row }, con otra cosa ahí
import-id-again = el evento { $name } ya está en la fila { $row }, que dice otra cosa
import-rejected = { $event }: { $detail }
import-no-date = { $value } no es una fecha que se entienda por sí sola; diga cómo se escriben las fechas: --dates, o dates en el mapping
import-not-year-first = { $value } puede llevar primero el día o el mes; diga cuál: --dates, o dates en el mapping
import-not-of-form = { $value } no es una fecha de la forma { $forms }
import-of-two-forms = { $value } es otra fecha según cada una de las formas { $forms }
import-no-time-of-day = { $value } no lleva hora; con una forma que tampoco la lleve, como %Y-%m-%d, es la medianoche con la que empieza el día
import-no-such-year = { $value } cae en un año que aquí no se cuenta
import-no-zone = { $value } no lleva desfase y no se ha dicho la zona
import-skipped-hour = { $value } no existió en ningún reloj de { $zone }: se adelantaron
import-no-number = { $value } no es un número
import-comma = { $value } puede ser dos números: diga en el mapping si decimal es "," o "."
import-no-duration = { $value } no es una duración; escriba segundos, u horas:minutos:segundos
import-no-yes-or-no = { $value } no es ni sí ni no
import-not-among-values = { $value } no está entre los values del mapping

## Qué fue de la tabla

import-events-of-row = fila { $row }
import-previewed = { $rows ->
    [one] { $rows } fila
   *[other] { $rows } filas
 }: { $events ->
    [one] { $events } evento
   *[other] { $events } eventos
 }; no se ha escrito nada
import-written = { $rows ->
    [one] { $rows } fila
   *[other] { $rows } filas
 }: { $events ->
    [one] { $events } evento
   *[other] { $events } eventos
 } en { $out }
import-published = { $rows ->
    [one] { $rows } fila
   *[other] { $rows } filas
 }: { $events ->
    [one] { $events } evento
   *[other] { $events } eventos
 }
import-nothing-written = no se ha escrito nada: { $refused ->
    [one] se rechaza { $refused } fila
   *[other] se rechazan { $refused } filas
 } de { $rows }; { $refused ->
    [one] corríjala u omítala
   *[other] corríjalas u omítalas
 } con --skip-refused
import-left-out = { $count ->
    [one] { $count } fila omitida, como dice el mapping
   *[other] { $count } filas omitidas, como dice el mapping
 }
import-again = { $count ->
    [one] { $count } fila decía lo mismo que otra anterior
   *[other] { $count } filas decían lo mismo que otras anteriores
 }
import-put-back = { $count ->
    [one] { $count } hora cayó en la que los relojes marcaron dos veces; se tomó la primera
   *[other] { $count } horas cayeron en la que los relojes marcaron dos veces; se tomó la primera
 }
import-refused = { $count ->
    [one] { $count } fila rechazada
   *[other] { $count } filas rechazadas
 }
