"""A story of five days, told by hand: what each day's files say, and what each day's digest has to tell."""

DAYS = {
    "2026-05-04": {
        "stake.txt": (
            "Nvidia in CoreWeave\n\nMay 4, 2026\n\n"
            "Nvidia owns a 6% stake in CoreWeave. "
            "CoreWeave will supply OpenAI with computing power under a five-year contract worth $11.9 billion.\n"
        ),
    },
    "2026-05-05": {
        "shareholders.txt": (
            "Who owns the cloud?\n\nMay 5, 2026\n\n"
            "The young providers of computing power have rich friends, says a report that was read in Brussels today. "
            "Nvidia holds 6% of CoreWeave. The others have founders who keep most of what they have.\n"
        ),
        "reprint.txt": (
            "Nvidia in CoreWeave\n\nMay 5, 2026\n\n"
            "Nvidia owns a 6% stake in CoreWeave. "
            "CoreWeave will supply OpenAI with computing power under a five-year contract worth $11.9 billion.\n"
            "(From an agency.)\n"
        ),
    },
    "2026-05-06": {
        "doute.txt": (
            "La part de Nvidia\n\n6 mai 2026\n\n"
            "Nvidia détient 9 % du capital de CoreWeave, selon un document que notre journal a lu hier soir. "
            "Microsoft est le premier investisseur d’OpenAI.\n"
        ),
    },
    "2026-05-07": {
        "end.txt": (
            "A contract is over\n\nMay 7, 2026\n\n"
            "CoreWeave no longer supplies OpenAI with computing power. Microsoft has sold its stake in OpenAI.\n"
        ),
        "deal.txt": "Money for models\n\nMay 7, 2026\n\nSoftBank invested $2 billion in OpenAI.\n",
        "stake.txt": (
            "Nvidia in CoreWeave (corrected)\n\nMay 4, 2026\n\n"
            "Nvidia owns a 6% stake in CoreWeave. "
            "CoreWeave will supply OpenAI with computing power under a five-year contract worth $12.4 billion.\n"
        ),
    },
    "2026-05-08": {
        "doute.txt": (
            "La part de Nvidia\n\n6 mai 2026\n\nArticle mis à jour hier.\n\n"
            "Nvidia détient 9 % du capital de CoreWeave, selon un document que notre journal a lu hier soir. "
            "Microsoft est le premier investisseur d’OpenAI.\n"
        ),
        "deal.txt": "Money for models\n\nMay 7, 2026\n\nSoftBank invested $3 billion in OpenAI.\n",
        "revenue.txt": (
            "Figures\n\nMay 8, 2026\n\n"
            "OpenAI now competes with Microsoft. Microsoft denied that it would acquire CoreWeave. "
            "Nvidia owns 6% of CoreWeave, its filing says.\n"
        ),
    },
}
