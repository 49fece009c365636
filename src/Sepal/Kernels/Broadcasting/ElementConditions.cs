using System.Numerics;

namespace Sepal.Kernels.Broadcasting;

/// <summary><c>left == right</c>.</summary>
internal readonly struct IsEqual : IElementCondition
{
    public static bool Holds<T>(T left, T right)
        where T : unmanaged, INumber<T> => left == right;
}

/// <summary><c>left &gt; right</c>.</summary>
internal readonly struct IsGreater : IElementCondition
{
    public static bool Holds<T>(T left, T right)
        where T : unmanaged, INumber<T> => left > right;
}

/// <summary><c>left ≥ right</c>.</summary>
internal readonly struct IsGreaterOrEqual : IElementCondition
{
    public static bool Holds<T>(T left, T right)
        where T : unmanaged, INumber<T> => left >= right;
}

/// <summary><c>left &lt; right</c>.</summary>
internal readonly struct IsLess : IElementCondition
{
    public static bool Holds<T>(T left, T right)
        where T : unmanaged, INumber<T> => left < right;
}

/// <summary><c>left ≤ right</c>.</summary>
internal readonly struct IsLessOrEqual : IElementCondition
{
    public static bool Holds<T>(T left, T right)
        where T : unmanaged, INumber<T> => left <= right;
}

/// <summary>Both are true.</summary>
internal readonly struct AreBoth : IElementCondition
{
    public static bool Holds<T>(T left, T right)
        where T : unmanaged, INumber<T> => left != T.Zero && right != T.Zero;
}

/// <summary>At least one is true.</summary>
internal readonly struct IsEither : IElementCondition
{
    public static bool Holds<T>(T left, T right)
        where T : unmanaged, INumber<T> => left != T.Zero || right != T.Zero;
}

/// <summary>Exactly one is true.</summary>
internal readonly struct IsOnlyOne : IElementCondition
{
    public static bool Holds<T>(T left, T right)
        where T : unmanaged, INumber<T> => (left != T.Zero) != (right != T.Zero);
}
