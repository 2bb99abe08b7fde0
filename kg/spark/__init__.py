"""Beyond one machine: documents read, and graphs analysed, by Spark (https://spark.apache.org), as kg does it alone.

Each job takes any session, classic or connected, and gives what the local kernels give on the same graph:

=============  ===================================================  ============================================
`reading`      documents → readings, poisoned ones as rejects       `kg build`
`ownership`    claims → who holds how much of whom, along chains    `kg.analysis.ownership`
`control`      claims → who controls whom                           `kg.analysis.ownership.control`
`loops`        claims → circular deals of two to four companies     `kg.analysis.deals.circular`
`copies`       texts → which are copies of which                    `kg.store.near_duplicates`
`names`        names → companies of registers                       `kg identify --file`
=============  ===================================================  ============================================

Claims are a DataFrame with the columns of `kg.store.columns` and `kg.export.parquet`. `jobs` is the command kg-spark.
"""
