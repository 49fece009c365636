using System.Numerics;

namespace Sepal.Kernels.Broadcasting;

/// <summary>The sum; integers wrap.</summary>
internal readonly struct ElementSum : IElementBinaryFunction
{
    public static T Apply<T>(T left, T right)
        where T : unmanaged, INumber<T> => left + right;
}

/// <summary>The difference; integers wrap.</summary>
internal readonly struct ElementDifference : IElementBinaryFunction
{
    public static T Apply<T>(T left, T right)
        where T : unmanaged, INumber<T> => left - right;
}

/// <summary>The product; integers wrap.</summary>
internal readonly struct ElementProduct : IElementBinaryFunction
{
    public static T Apply<T>(T left, T right)
        where T : unmanaged, INumber<T> => left * right;
}

/// <summary>The quotient, towards zero. By zero it is zero, and the smallest integer by −1 is itself: neither may stop the process.</summary>
internal readonly struct ElementQuotient : IElementBinaryFunction
{
    public static T Apply<T>(T left, T right)
        where T : unmanaged, INumber<T> =>
        right == T.Zero ? T.Zero
        : T.IsNegative(right) && right == T.Zero - T.One ? T.Zero - left
        : left / right;
}

/// <summary>The smaller number.</summary>
internal readonly struct ElementLesser : IElementBinaryFunction
{
    public static T Apply<T>(T left, T right)
        where T : unmanaged, INumber<T> => left < right ? left : right;
}

/// <summary>The larger number.</summary>
internal readonly struct ElementGreater : IElementBinaryFunction
{
    public static T Apply<T>(T left, T right)
        where T : unmanaged, INumber<T> => left > right ? left : right;
}

/// <summary>The left number where it is not negative, and elsewhere times the right one.</summary>
internal readonly struct ElementParametricRelu : IElementBinaryFunction
{
    public static T Apply<T>(T left, T right)
        where T : unmanaged, INumber<T> => left < T.Zero ? left * right : left;
}

/// <summary>The power by repeated squaring; integers wrap. To a negative exponent it is cut off to a whole number: that of 0 is 0.</summary>
internal readonly struct ElementPower : IElementBinaryFunction
{
    public static T Apply<T>(T left, T right)
        where T : unmanaged, INumber<T>
    {
        if (right < T.Zero)
        {
            T minusOne = T.Zero - T.One;
            return left == T.One ? T.One
                : left == minusOne ? (T.IsOddInteger(right) ? minusOne : T.One)
                : T.Zero;
        }

        T power = T.One;
        T two = T.One + T.One;
        while (right > T.Zero)
        {
            if (T.IsOddInteger(right))
            {
                power *= left;
            }

            left *= left;
            right /= two;
        }

        return power;
    }
}
