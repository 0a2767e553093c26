namespace ActorMD.Kinetic.Hierarchy.Geometry;

/// <summary>What goes differently in the true flow, tree by tree: the first thing counts.</summary>
public enum RecollisionKind
{
    /// <summary>Nothing: the true flow is the free one.</summary>
    None,

    /// <summary>A particle that is added lies within another one, or within a lower zone.</summary>
    Overlap,

    /// <summary>The first recollision has the particle that was added last, or one of them, in it.</summary>
    Added,

    /// <summary>The first recollision is among earlier particles.</summary>
    Existing,
}
