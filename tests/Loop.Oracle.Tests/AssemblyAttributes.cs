// Some tests reuse the number of a descriptor they just closed: no other test may open one meanwhile.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
