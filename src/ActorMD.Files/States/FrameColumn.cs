namespace ActorMD.Files.States;

/// <summary>What a column of a particle file means.</summary>
internal enum FrameColumn
{
    Ignored,
    Species,
    Type,
    Id,
    X,
    Y,
    Z,
    VelocityX,
    VelocityY,
    VelocityZ,
    MomentumX,
    MomentumY,
    MomentumZ,
    Radius,
    Diameter,
    Mass,
    Density,
    Time,
    Frame,
    Step,
    BoxX,
    BoxY,
    BoxZ,
    Boundary,
}
