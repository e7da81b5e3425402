### Valores.

less-than-a-second = menos de un segundo
