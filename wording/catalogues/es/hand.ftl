### Lo que imprimen `leadsla confirm`, `excuse`, `attempt` y `close-deal`.
###
### $about es aquello de lo que trata el acuerdo: lead, ticket... Un valor que falta es `none`.

hand-confirm = { $quantity } de { $wanted } de { $obligation } ({ $agreement }), con vencimiento el { $due }, entregado el { $at }{ $by ->
    [none] {""}
   *[other] {" "}por { $by }
 }{ $to ->
    [none] {""}
   *[other] {" "}a { $to }
 }
hand-passed = si es lo que vencía el { $due }, diga --due { $due }
hand-remedy = remedio por { $obligation } ({ $agreement }) en { $period }, llevado a cabo el { $at } por { $by }
hand-excuse = { $about } { $lead } queda eximido{ $begins ->
    [none] {""}
   *[other] {" "}de { $begins } a { $ends }
 }, { $at }, por { $by }: { $reason }
hand-attempt = { $direction ->
    [inbound] { $about } { $lead } se puso en contacto por { $channel }, { $at }
   *[other] { $rep ->
        [none] intento de contactar con { $about } { $lead } por { $channel }, { $at }
       *[other] { $rep } intentó contactar con { $about } { $lead } por { $channel }, { $at }
    }
 }{ $took ->
    [none] {""}
   *[other] , durante { $took }
 }{ $outcome ->
    [none] {""}
   *[other] : { $outcome }
 }
hand-deal = negocio { $deal } ({ $leads }) { $outcome ->
    [won] ganado
   *[other] perdido
 }, { $amount } { $currency }, { $at }

hand-ask = ¿publicarlo en { $broker }?
hand-needs-yes = no se ha publicado nada: leadsla { $command } pregunta antes de publicar y no hay terminal donde preguntar; diga --yes
hand-not-looked = desde aquí no se puede ver si lo mismo se publicó hace un momento
hand-not-published = no se ha publicado nada
hand-already = ya publicado hace { $ago }, a las { $at }: otra vez no cambia nada, y no se ha publicado nada
hand-same-words = lo mismo se publicó hace { $ago }, a las { $at }, y ahora no se ha publicado nada; si ocurrió otra vez, diga --again
hand-published = publicado: { $place }
hand-not-seen = se ha publicado; desde aquí no se puede ver si los workers lo han tomado
hand-taken = los workers lo han tomado
hand-not-taken = sin tomar pasados { $seconds } s: está en { $place }, y un worker lo tomará en cuanto llegue allí
hand-rejected = los workers lo han rechazado: { $reason }; leadsla deadletter list lo muestra
