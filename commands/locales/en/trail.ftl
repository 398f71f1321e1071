# How a matter went.

trail = 👣 **How number { $number } went**
trail-hidden = … { $hidden } earlier steps not shown
trail-step = • { $at }: { $kind ->
        [wish-posted] { $who } made a wish
        [wish-claimed] { $who } came to help
        [wish-stood_by] { $who } is standing by
        [wish-stepped_back] { $who } no longer stands by
        [wish-released] { $who } couldn't make it
        [wish-finished] { $who } said it was done
        [wish-unfinished] { $who } said it wasn't done yet
        [wish-confirmed] { $who } confirmed it
        [wish-withdrawn] { $who } took it back
       *[ledger-transfer] { $who } earned +{ $amount } points
    }
trail-missing-number = Which number? For example: `!trail 12`
