namespace ActorMD.Engine.Slices;

/// <summary>One event that is expected in a time slice.</summary>
internal struct SliceEvent
{
    /// <summary><see cref="Partner"/> of a bounce off a wall across axis 0; those of the other axes follow downwards.</summary>
    public const int FirstWall = -2;

    /// <summary><see cref="Partner"/> where no event happens, but a strip searches a flight that a block has deferred.</summary>
    public const int DeferredSearch = -50;

    /// <summary><see cref="Partner"/> of the slice's first tuple; the others follow downwards.</summary>
    public const int FirstTuple = -100;

    /// <summary>
    /// <see cref="Partner"/> where a strip may have to roll back the events of the particle in slot 0; other slots follow downwards.
    /// </summary>
    public const int FirstRollback = int.MinValue / 2;

    public double Time;

    public int Slot;

    /// <summary>The other particle's slot, or one of the negative codes.</summary>
    public int Partner;

    /// <summary>Sum of the participants' stamps when the event was predicted; stamps only grow.</summary>
    public uint Stamps;

    /// <summary>Next event of the same bucket.</summary>
    public int Next;
}
