namespace ActorMD.Physics.RandomNumbers;

/// <summary>
/// What a random number is drawn for. A new consumer gets a new number and leaves all existing draws as they were: never renumber.
/// </summary>
public enum RandomStream : uint
{
    InitialVelocities = 0,
    InitialPositions = 1,
    SpeciesPlacement = 2,
    Growth = 3,
    Conditioning = 4,
    EllipsoidSampling = 5,
    KineticStart = 6,
    KineticCollisions = 7,
    Replicas = 8,
    ExcludedVolume = 9,
    EnsembleSeeds = 10,
    HierarchyTrees = 11,
    HierarchyGeometry = 12,
    PhaseSpaceShare = 13,
    LinearCollisions = 14,
    Testing = 100,
}
