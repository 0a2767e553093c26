using Mono.Cecil;
using Mono.Cecil.Cil;

namespace ActorMD.Architecture.Tests;

/// <summary>Which types of an assembly use which others of it: signatures, bases, and the bodies of methods.</summary>
internal static class TypeGraph
{
    /// <summary>Pairs of outermost types of one assembly, the second used by the first.</summary>
    public static HashSet<(TypeDefinition User, TypeDefinition Used)> Of(AssemblyDefinition assembly)
    {
        HashSet<(TypeDefinition, TypeDefinition)> edges = [];
        foreach (TypeDefinition type in assembly.MainModule.GetTypes())
        {
            TypeDefinition user = Outermost(type);
            foreach (TypeReference reference in Mentioned(type).SelectMany(Parts))
            {
                // A definition of this module; what is elsewhere is not looked for.
                if (reference is TypeDefinition definition && Outermost(definition) is { } used && used != user)
                {
                    edges.Add((user, used));
                }
            }
        }

        return edges;
    }

    private static TypeDefinition Outermost(TypeDefinition type)
    {
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type;
    }

    private static IEnumerable<TypeReference?> Mentioned(TypeDefinition type) =>
    [
        type.BaseType,
        .. type.Interfaces.Select(i => i.InterfaceType),
        .. type.CustomAttributes.Select(a => a.AttributeType),
        .. type.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType),
        .. type.Fields.Select(f => f.FieldType),
        .. type.Methods.SelectMany(Mentioned),
    ];

    private static IEnumerable<TypeReference?> Mentioned(MethodDefinition method) =>
    [
        method.ReturnType,
        .. method.Parameters.Select(p => p.ParameterType),
        .. method.GenericParameters.SelectMany(p => p.Constraints).Select(c => c.ConstraintType),
        .. method.HasBody ? method.Body.Variables.Select(v => v.VariableType) : [],
        .. method.HasBody ? method.Body.Instructions.SelectMany(Mentioned) : [],
    ];

    private static IEnumerable<TypeReference?> Mentioned(Instruction instruction) => instruction.Operand switch
    {
        GenericInstanceMethod method => [method.DeclaringType, method.ReturnType, .. method.GenericArguments],
        MethodReference method => [method.DeclaringType, method.ReturnType, .. method.Parameters.Select(p => p.ParameterType)],
        FieldReference field => [field.DeclaringType, field.FieldType],
        TypeReference type => [type],
        _ => [],
    };

    // A type and what it is made of: arguments, elements.
    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null => [],
        GenericInstanceType generic => [.. Parts(generic.ElementType), .. generic.GenericArguments.SelectMany(Parts)],
        TypeSpecification specification => Parts(specification.ElementType),
        _ => [type],
    };
}
