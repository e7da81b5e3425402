### Lo que imprime `leadsla ledger`, además del registro de una repetición.

ledger-as-of = a { $at }
ledger-none = todavía no ha terminado ningún periodo con { part-subjects }
ledger-result = resultado
ledger-credit = crédito
ledger-rate-so-far = tasa de cierre hasta ahora
ledger-brought = aportaron{ $currency ->
    [none] {""}
   *[other] {" "}{ $currency }
 }
ledger-reached = logrado
ledger-as-published = * según lo publicado, que es lo que decide; ahora se conocen otras cifras
