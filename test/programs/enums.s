	.file	"enums.27969d1237b2b65-cgu.0"
	.file	1 "./enums.rs"
	.section	".text._ZN4core4cell13Cell$LT$T$GT$3get17h892655f355016ad5E","ax",@progbits
	.globl	_ZN4core4cell13Cell$LT$T$GT$3get17h892655f355016ad5E
	.p2align	4
	.type	_ZN4core4cell13Cell$LT$T$GT$3get17h892655f355016ad5E,@function
_ZN4core4cell13Cell$LT$T$GT$3get17h892655f355016ad5E:
.Lfunc_begin0:
	.file	2 "/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/cell.rs"
	.loc	2 552 0
	.cfi_startproc
	movq	%rdi, -8(%rsp)
.Ltmp0:
	.loc	2 555 18 prologue_end
	movw	(%rdi), %ax
	.loc	2 556 6
	retq
.Ltmp1:
.Lfunc_end0:
	.size	_ZN4core4cell13Cell$LT$T$GT$3get17h892655f355016ad5E, .Lfunc_end0-_ZN4core4cell13Cell$LT$T$GT$3get17h892655f355016ad5E
	.cfi_endproc

	.section	".text._ZN4core4cell13Cell$LT$T$GT$3new17h3273cbf6b45c0fb9E","ax",@progbits
	.globl	_ZN4core4cell13Cell$LT$T$GT$3new17h3273cbf6b45c0fb9E
	.p2align	4
	.type	_ZN4core4cell13Cell$LT$T$GT$3new17h3273cbf6b45c0fb9E,@function
_ZN4core4cell13Cell$LT$T$GT$3new17h3273cbf6b45c0fb9E:
.Lfunc_begin1:
	.loc	2 414 0
	.cfi_startproc
	movw	%di, %ax
	movw	%ax, -2(%rsp)
.Ltmp2:
	.loc	2 416 6 prologue_end
	retq
.Ltmp3:
.Lfunc_end1:
	.size	_ZN4core4cell13Cell$LT$T$GT$3new17h3273cbf6b45c0fb9E, .Lfunc_end1-_ZN4core4cell13Cell$LT$T$GT$3new17h3273cbf6b45c0fb9E
	.cfi_endproc

	.section	".text._ZN4core4cell13Cell$LT$T$GT$3set17h8614b1bae6192ffcE","ax",@progbits
	.globl	_ZN4core4cell13Cell$LT$T$GT$3set17h8614b1bae6192ffcE
	.p2align	4
	.type	_ZN4core4cell13Cell$LT$T$GT$3set17h8614b1bae6192ffcE,@function
_ZN4core4cell13Cell$LT$T$GT$3set17h8614b1bae6192ffcE:
.Lfunc_begin2:
	.loc	2 433 0
	.cfi_startproc
	movw	%si, %ax
	movq	%rdi, -16(%rsp)
	movw	%ax, -2(%rsp)
.Ltmp4:
	.file	3 "/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/mem/mod.rs"
	.loc	3 902 49 prologue_end
	movw	%ax, (%rdi)
.Ltmp5:
	.loc	2 438 6
	retq
.Ltmp6:
.Lfunc_end2:
	.size	_ZN4core4cell13Cell$LT$T$GT$3set17h8614b1bae6192ffcE, .Lfunc_end2-_ZN4core4cell13Cell$LT$T$GT$3set17h8614b1bae6192ffcE
	.cfi_endproc

	.section	.text._ZN4core4sync6atomic9AtomicU329fetch_add17h31cf0fac9fa534baE,"ax",@progbits
	.p2align	4
	.type	_ZN4core4sync6atomic9AtomicU329fetch_add17h31cf0fac9fa534baE,@function
_ZN4core4sync6atomic9AtomicU329fetch_add17h31cf0fac9fa534baE:
.Lfunc_begin3:
	.file	4 "/rustc/59807616e1fa2540724bfbac14d7976d7e4a3860/library/core/src/sync/atomic.rs"
	.loc	4 3134 0
	.cfi_startproc
	movl	%esi, -52(%rsp)
	movq	%rdi, -48(%rsp)
	movb	%dl, %al
	movq	%rdi, -24(%rsp)
	movl	%esi, -16(%rsp)
	movb	%al, -9(%rsp)
.Ltmp7:
	.loc	2 2447 9 prologue_end
	movq	%rdi, -8(%rsp)
.Ltmp8:
	.loc	4 3922 15
	movzbl	%al, %eax
	movq	%rax, -40(%rsp)
.Ltmp9:
	.loc	4 0 15 is_stmt 0
	movq	-40(%rsp), %rcx
	leaq	.LJTI3_0(%rip), %rax
	.loc	4 3922 9 is_stmt 1
	movslq	(%rax,%rcx,4), %rcx
	addq	%rcx, %rax
	jmpq	*%rax
	.loc	4 3922 15 is_stmt 0
	ud2
.LBB3_2:
	.loc	4 0 15
	movq	-48(%rsp), %rcx
	movl	-52(%rsp), %eax
	.loc	4 3923 24 is_stmt 1
	lock		xaddl	%eax, (%rcx)
	movl	%eax, -28(%rsp)
	jmp	.LBB3_7
.LBB3_3:
	.loc	4 0 24 is_stmt 0
	movq	-48(%rsp), %rcx
	movl	-52(%rsp), %eax
	.loc	4 3925 24 is_stmt 1
	lock		xaddl	%eax, (%rcx)
	movl	%eax, -28(%rsp)
	jmp	.LBB3_7
.LBB3_4:
	.loc	4 0 24 is_stmt 0
	movq	-48(%rsp), %rcx
	movl	-52(%rsp), %eax
	.loc	4 3924 24 is_stmt 1
	lock		xaddl	%eax, (%rcx)
	movl	%eax, -28(%rsp)
	jmp	.LBB3_7
.LBB3_5:
	.loc	4 0 24 is_stmt 0
	movq	-48(%rsp), %rcx
	movl	-52(%rsp), %eax
	.loc	4 3926 23 is_stmt 1
	lock		xaddl	%eax, (%rcx)
	movl	%eax, -28(%rsp)
	jmp	.LBB3_7
.LBB3_6:
	.loc	4 0 23 is_stmt 0
	movq	-48(%rsp), %rcx
	movl	-52(%rsp), %eax
	.loc	4 3927 23 is_stmt 1
	lock		xaddl	%eax, (%rcx)
	movl	%eax, -28(%rsp)
.Ltmp10:
.LBB3_7:
	.loc	4 3137 14
	movl	-28(%rsp), %eax
	retq
.Ltmp11:
.Lfunc_end3:
	.size	_ZN4core4sync6atomic9AtomicU329fetch_add17h31cf0fac9fa534baE, .Lfunc_end3-_ZN4core4sync6atomic9AtomicU329fetch_add17h31cf0fac9fa534baE
	.cfi_endproc
	.section	.rodata._ZN4core4sync6atomic9AtomicU329fetch_add17h31cf0fac9fa534baE,"a",@progbits
	.p2align	2, 0x0
.LJTI3_0:
	.long	.LBB3_2-.LJTI3_0
	.long	.LBB3_3-.LJTI3_0
	.long	.LBB3_4-.LJTI3_0
	.long	.LBB3_5-.LJTI3_0
	.long	.LBB3_6-.LJTI3_0

	.section	.rodata.cst8,"aM",@progbits,8
	.p2align	3, 0x0
.LCPI4_0:
	.quad	0x3ff8000000000000
	.section	.rodata.cst4,"aM",@progbits,4
	.p2align	2, 0x0
.LCPI4_1:
	.long	0x40200000
	.section	.text.main,"ax",@progbits
	.globl	main
	.p2align	4
	.type	main,@function
main:
.Lfunc_begin4:
	.loc	1 41 0
	.cfi_startproc
	subq	$232, %rsp
	.cfi_def_cfa_offset 240
.Ltmp12:
	.loc	1 42 18 prologue_end
	movl	$9, 4(%rsp)
.Ltmp13:
	.loc	1 43 16
	movl	$1, 24(%rsp)
	leaq	.Lanon.f386cfcb5bfaf0a64e536347c672293c.0(%rip), %rax
	movq	%rax, 8(%rsp)
	movq	$3, 16(%rsp)
	movss	.LCPI4_1(%rip), %xmm0
	movss	%xmm0, 28(%rsp)
.Ltmp14:
	.loc	1 44 17
	movb	$1, 37(%rsp)
	movb	$2, 38(%rsp)
	movb	$3, 39(%rsp)
.Ltmp15:
	.loc	1 45 23
	leaq	37(%rsp), %rax
	movq	%rax, 200(%rsp)
	movq	$3, 208(%rsp)
.Ltmp16:
	.loc	1 46 30
	movq	$0, 216(%rsp)
.Ltmp17:
	.loc	1 47 38
	movb	$2, 227(%rsp)
.Ltmp18:
	.loc	1 48 32
	movl	$120, 228(%rsp)
.Ltmp19:
	.loc	1 49 36
	leaq	.Lanon.f386cfcb5bfaf0a64e536347c672293c.1(%rip), %rax
	movq	%rax, 40(%rsp)
	movq	$3, 48(%rsp)
.Ltmp20:
	.loc	1 50 17
	movb	$7, 61(%rsp)
.Ltmp21:
	.loc	1 52 18
	movl	$7, %edi
	callq	*_ZN4core4cell13Cell$LT$T$GT$3new17h3273cbf6b45c0fb9E@GOTPCREL(%rip)
	movw	%ax, 62(%rsp)
.Ltmp22:
	.loc	1 53 20
	leaq	4(%rsp), %rax
	movq	%rax, 64(%rsp)
.Ltmp23:
	.loc	1 54 60
	movsd	.LCPI4_0(%rip), %xmm0
	movsd	%xmm0, 128(%rsp)
	movl	$0, 120(%rsp)
	.loc	1 54 23 is_stmt 0
	movl	$1, 112(%rsp)
	leaq	.Lanon.f386cfcb5bfaf0a64e536347c672293c.2(%rip), %rax
	movq	%rax, 96(%rsp)
	movq	$3, 104(%rsp)
	movq	120(%rsp), %rax
	movq	%rax, 80(%rsp)
	movq	128(%rsp), %rax
	movq	%rax, 88(%rsp)
	movl	$0, 72(%rsp)
	movl	%eax, 76(%rsp)
.Ltmp24:
	.loc	1 55 5 is_stmt 1
	leaq	72(%rsp), %rdi
	leaq	64(%rsp), %rsi
	leaq	62(%rsp), %rdx
	callq	*ready@GOTPCREL(%rip)
	.loc	1 56 17
	leaq	8(%rsp), %rax
	movq	%rax, 136(%rsp)
	leaq	37(%rsp), %rax
	movq	%rax, 144(%rsp)
	movq	$3, 152(%rsp)
	movq	$0, 176(%rsp)
	movb	$2, 188(%rsp)
	movl	$120, 184(%rsp)
	leaq	40(%rsp), %rax
	movq	%rax, 160(%rsp)
	leaq	61(%rsp), %rax
	movq	%rax, 168(%rsp)
	movb	$1, 189(%rsp)
.Ltmp25:
	.loc	1 57 15
	leaq	62(%rsp), %rdi
	callq	*_ZN4core4cell13Cell$LT$T$GT$3get17h892655f355016ad5E@GOTPCREL(%rip)
	.loc	1 57 8 is_stmt 0
	cmpw	$8, %ax
	je	.LBB4_2
	.loc	1 57 39
	movl	$1, (%rsp)
	.loc	1 57 5
	jmp	.LBB4_3
.LBB4_2:
	.loc	1 57 28
	movl	$0, (%rsp)
.Ltmp26:
.LBB4_3:
	.loc	1 58 2 is_stmt 1
	movl	(%rsp), %eax
	.loc	1 58 2 epilogue_begin is_stmt 0
	addq	$232, %rsp
	.cfi_def_cfa_offset 8
	retq
.Ltmp27:
.Lfunc_end4:
	.size	main, .Lfunc_end4-main
	.cfi_endproc

	.section	.text.ready,"ax",@progbits
	.globl	ready
	.p2align	4
	.type	ready,@function
ready:
.Lfunc_begin5:
	.loc	1 30 0 is_stmt 1
	.cfi_startproc
	subq	$72, %rsp
	.cfi_def_cfa_offset 80
	movq	%rdx, 8(%rsp)
	movq	%rdi, %rax
	movq	8(%rsp), %rdi
	movq	%rax, 48(%rsp)
	movq	%rsi, 56(%rsp)
	movq	%rdi, 64(%rsp)
.Ltmp28:
	.loc	1 31 5 prologue_end
	movl	$1, (%rax)
	movl	$4, 4(%rax)
	.loc	1 32 5
	movl	$0, (%rax)
	movl	%ecx, 4(%rax)
	.loc	1 33 21
	movl	$3, 20(%rsp)
	movl	$4, 24(%rsp)
	movl	$1, 16(%rsp)
	.loc	1 33 5 is_stmt 0
	movq	16(%rsp), %rcx
	movq	%rcx, 8(%rax)
	movq	24(%rsp), %rcx
	movq	%rcx, 16(%rax)
	.loc	1 34 21 is_stmt 1
	movl	$2, 32(%rsp)
	.loc	1 34 5 is_stmt 0
	movq	32(%rsp), %rcx
	movq	%rcx, 8(%rax)
	movq	40(%rsp), %rcx
	movq	%rcx, 16(%rax)
	.loc	1 35 5 is_stmt 1
	movq	$0, (%rsi)
	.loc	1 36 12
	movl	$8, %esi
	callq	*_ZN4core4cell13Cell$LT$T$GT$3set17h8614b1bae6192ffcE@GOTPCREL(%rip)
	.loc	1 37 10
	movq	_ZN5enums4HITS17hadfd5d12b4e796eaE@GOTPCREL(%rip), %rdi
	movl	$1, %esi
	movl	$4, %edx
	callq	_ZN4core4sync6atomic9AtomicU329fetch_add17h31cf0fac9fa534baE
	.loc	1 38 2 epilogue_begin
	addq	$72, %rsp
	.cfi_def_cfa_offset 8
	retq
.Ltmp29:
.Lfunc_end5:
	.size	ready, .Lfunc_end5-ready
	.cfi_endproc

	.type	_ZN5enums4HITS17hadfd5d12b4e796eaE,@object
	.section	.data._ZN5enums4HITS17hadfd5d12b4e796eaE,"aw",@progbits
	.globl	_ZN5enums4HITS17hadfd5d12b4e796eaE
	.p2align	2, 0x0
_ZN5enums4HITS17hadfd5d12b4e796eaE:
	.asciz	"\005\000\000"
	.size	_ZN5enums4HITS17hadfd5d12b4e796eaE, 4

	.type	.Lanon.f386cfcb5bfaf0a64e536347c672293c.0,@object
	.section	.rodata..Lanon.f386cfcb5bfaf0a64e536347c672293c.0,"a",@progbits
.Lanon.f386cfcb5bfaf0a64e536347c672293c.0:
	.ascii	"two"
	.size	.Lanon.f386cfcb5bfaf0a64e536347c672293c.0, 3

	.type	.Lanon.f386cfcb5bfaf0a64e536347c672293c.1,@object
	.section	.rodata..Lanon.f386cfcb5bfaf0a64e536347c672293c.1,"a",@progbits
.Lanon.f386cfcb5bfaf0a64e536347c672293c.1:
	.ascii	"bad"
	.size	.Lanon.f386cfcb5bfaf0a64e536347c672293c.1, 3

	.type	.Lanon.f386cfcb5bfaf0a64e536347c672293c.2,@object
	.section	.rodata..Lanon.f386cfcb5bfaf0a64e536347c672293c.2,"a",@progbits
.Lanon.f386cfcb5bfaf0a64e536347c672293c.2:
	.ascii	"bob"
	.size	.Lanon.f386cfcb5bfaf0a64e536347c672293c.2, 3

	.section	.debug_abbrev,"",@progbits
	.byte	1
	.byte	17
	.byte	1
	.byte	37
	.byte	14
	.byte	19
	.byte	5
	.byte	3
	.byte	14
	.byte	16
	.byte	23
	.byte	27
	.byte	14
	.byte	17
	.byte	1
	.byte	85
	.byte	23
	.byte	0
	.byte	0
	.byte	2
	.byte	57
	.byte	1
	.byte	3
	.byte	14
	.byte	0
	.byte	0
	.byte	3
	.byte	52
	.byte	0
	.byte	3
	.byte	14
	.byte	73
	.byte	19
	.byte	63
	.byte	25
	.byte	58
	.byte	11
	.byte	59
	.byte	11
	.ascii	"\210\001"
	.byte	15
	.byte	2
	.byte	24
	.byte	110
	.byte	14
	.byte	0
	.byte	0
	.byte	4
	.byte	4
	.byte	1
	.byte	73
	.byte	19
	.byte	109
	.byte	25
	.byte	3
	.byte	14
	.byte	11
	.byte	11
	.ascii	"\210\001"
	.byte	15
	.byte	0
	.byte	0
	.byte	5
	.byte	40
	.byte	0
	.byte	3
	.byte	14
	.byte	28
	.byte	15
	.byte	0
	.byte	0
	.byte	6
	.byte	46
	.byte	1
	.byte	17
	.byte	1
	.byte	18
	.byte	6
	.byte	64
	.byte	24
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	11
	.byte	73
	.byte	19
	.byte	63
	.byte	25
	.byte	0
	.byte	0
	.byte	7
	.byte	11
	.byte	1
	.byte	17
	.byte	1
	.byte	18
	.byte	6
	.byte	0
	.byte	0
	.byte	8
	.byte	52
	.byte	0
	.byte	2
	.byte	24
	.byte	3
	.byte	14
	.ascii	"\210\001"
	.byte	15
	.byte	58
	.byte	11
	.byte	59
	.byte	11
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	9
	.byte	46
	.byte	1
	.byte	17
	.byte	1
	.byte	18
	.byte	6
	.byte	64
	.byte	24
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	11
	.byte	63
	.byte	25
	.byte	0
	.byte	0
	.byte	10
	.byte	5
	.byte	0
	.byte	2
	.byte	24
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	11
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	11
	.byte	19
	.byte	1
	.byte	3
	.byte	14
	.byte	11
	.byte	11
	.byte	50
	.byte	11
	.ascii	"\210\001"
	.byte	15
	.byte	0
	.byte	0
	.byte	12
	.byte	13
	.byte	0
	.byte	3
	.byte	14
	.byte	73
	.byte	19
	.ascii	"\210\001"
	.byte	15
	.byte	56
	.byte	11
	.byte	50
	.byte	11
	.byte	0
	.byte	0
	.byte	13
	.byte	51
	.byte	1
	.byte	21
	.byte	19
	.byte	0
	.byte	0
	.byte	14
	.byte	13
	.byte	0
	.byte	73
	.byte	19
	.ascii	"\210\001"
	.byte	15
	.byte	56
	.byte	11
	.byte	52
	.byte	25
	.byte	0
	.byte	0
	.byte	15
	.byte	25
	.byte	1
	.byte	22
	.byte	11
	.byte	0
	.byte	0
	.byte	16
	.byte	13
	.byte	0
	.byte	3
	.byte	14
	.byte	73
	.byte	19
	.ascii	"\210\001"
	.byte	15
	.byte	56
	.byte	11
	.byte	0
	.byte	0
	.byte	17
	.byte	19
	.byte	0
	.byte	3
	.byte	14
	.byte	11
	.byte	11
	.byte	50
	.byte	11
	.ascii	"\210\001"
	.byte	15
	.byte	0
	.byte	0
	.byte	18
	.byte	46
	.byte	1
	.byte	110
	.byte	14
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	5
	.byte	73
	.byte	19
	.byte	60
	.byte	25
	.byte	0
	.byte	0
	.byte	19
	.byte	5
	.byte	0
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	20
	.byte	46
	.byte	1
	.byte	110
	.byte	14
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	5
	.byte	73
	.byte	19
	.byte	32
	.byte	11
	.byte	0
	.byte	0
	.byte	21
	.byte	47
	.byte	0
	.byte	73
	.byte	19
	.byte	3
	.byte	14
	.byte	0
	.byte	0
	.byte	22
	.byte	5
	.byte	0
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	5
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	23
	.byte	46
	.byte	1
	.byte	110
	.byte	14
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	5
	.byte	60
	.byte	25
	.byte	0
	.byte	0
	.byte	24
	.byte	25
	.byte	1
	.byte	0
	.byte	0
	.byte	25
	.byte	25
	.byte	1
	.byte	22
	.byte	6
	.byte	0
	.byte	0
	.byte	26
	.byte	36
	.byte	0
	.byte	3
	.byte	14
	.byte	62
	.byte	11
	.byte	11
	.byte	11
	.byte	0
	.byte	0
	.byte	27
	.byte	15
	.byte	0
	.byte	73
	.byte	19
	.byte	3
	.byte	14
	.byte	51
	.byte	6
	.byte	0
	.byte	0
	.byte	28
	.byte	46
	.byte	1
	.byte	17
	.byte	1
	.byte	18
	.byte	6
	.byte	64
	.byte	24
	.byte	71
	.byte	19
	.byte	0
	.byte	0
	.byte	29
	.byte	5
	.byte	0
	.byte	2
	.byte	24
	.byte	3
	.byte	14
	.byte	58
	.byte	11
	.byte	59
	.byte	5
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	30
	.byte	46
	.byte	1
	.byte	71
	.byte	19
	.byte	32
	.byte	11
	.byte	0
	.byte	0
	.byte	31
	.byte	29
	.byte	1
	.byte	49
	.byte	19
	.byte	17
	.byte	1
	.byte	18
	.byte	6
	.byte	88
	.byte	11
	.byte	89
	.byte	5
	.byte	87
	.byte	11
	.byte	0
	.byte	0
	.byte	32
	.byte	5
	.byte	0
	.byte	2
	.byte	24
	.byte	49
	.byte	19
	.byte	0
	.byte	0
	.byte	33
	.byte	29
	.byte	0
	.byte	49
	.byte	19
	.byte	17
	.byte	1
	.byte	18
	.byte	6
	.byte	88
	.byte	11
	.byte	89
	.byte	5
	.byte	87
	.byte	11
	.byte	0
	.byte	0
	.byte	34
	.byte	19
	.byte	1
	.byte	3
	.byte	14
	.byte	11
	.byte	11
	.ascii	"\210\001"
	.byte	15
	.byte	0
	.byte	0
	.byte	35
	.byte	15
	.byte	0
	.byte	73
	.byte	19
	.byte	51
	.byte	6
	.byte	0
	.byte	0
	.byte	36
	.byte	1
	.byte	1
	.byte	73
	.byte	19
	.byte	0
	.byte	0
	.byte	37
	.byte	33
	.byte	0
	.byte	73
	.byte	19
	.byte	34
	.byte	13
	.byte	55
	.byte	11
	.byte	0
	.byte	0
	.byte	38
	.byte	36
	.byte	0
	.byte	3
	.byte	14
	.byte	11
	.byte	11
	.byte	62
	.byte	11
	.byte	0
	.byte	0
	.byte	0
	.section	.debug_info,"",@progbits
.Lcu_begin0:
	.long	.Ldebug_info_end0-.Ldebug_info_start0
.Ldebug_info_start0:
	.short	4
	.long	.debug_abbrev
	.byte	8
	.byte	1
	.long	.Linfo_string0
	.short	28
	.long	.Linfo_string1
	.long	.Lline_table_start0
	.long	.Linfo_string2
	.quad	0
	.long	.Ldebug_ranges0
	.byte	2
	.long	.Linfo_string3
	.byte	3
	.long	.Linfo_string4
	.long	801

	.byte	1
	.byte	26
	.byte	4
	.byte	9
	.byte	3
	.quad	_ZN5enums4HITS17hadfd5d12b4e796eaE
	.long	.Linfo_string15
	.byte	4
	.long	1896

	.long	.Linfo_string25
	.byte	1
	.byte	1
	.byte	5
	.long	.Linfo_string23
	.byte	1
	.byte	5
	.long	.Linfo_string24
	.byte	7
	.byte	0
	.byte	6
	.quad	.Lfunc_begin4
	.long	.Lfunc_end4-.Lfunc_begin4
	.byte	1
	.byte	87
	.long	.Linfo_string54
	.byte	1
	.byte	41
	.long	2376

	.byte	7
	.quad	.Ltmp13
	.long	.Ltmp26-.Ltmp13
	.byte	8
	.byte	2
	.byte	145
	.byte	4
	.long	.Linfo_string57
	.byte	4
	.byte	1
	.byte	42
	.long	1889
	.byte	7
	.quad	.Ltmp14
	.long	.Ltmp26-.Ltmp14
	.byte	8
	.byte	2
	.byte	145
	.byte	8
	.long	.Linfo_string58
	.byte	8
	.byte	1
	.byte	43
	.long	2383
	.byte	7
	.quad	.Ltmp15
	.long	.Ltmp26-.Ltmp15
	.byte	8
	.byte	2
	.byte	145
	.byte	37
	.long	.Linfo_string68
	.byte	1
	.byte	1
	.byte	44
	.long	2477
	.byte	7
	.quad	.Ltmp16
	.long	.Ltmp26-.Ltmp16
	.byte	8
	.byte	3
	.byte	145
	.ascii	"\310\001"
	.long	.Linfo_string118
	.byte	8
	.byte	1
	.byte	45
	.long	2644
	.byte	7
	.quad	.Ltmp17
	.long	.Ltmp26-.Ltmp17
	.byte	8
	.byte	3
	.byte	145
	.ascii	"\330\001"
	.long	.Linfo_string119
	.byte	8
	.byte	1
	.byte	46
	.long	1398
	.byte	7
	.quad	.Ltmp18
	.long	.Ltmp26-.Ltmp18
	.byte	8
	.byte	3
	.byte	145
	.ascii	"\343\001"
	.long	.Linfo_string120
	.byte	1
	.byte	1
	.byte	47
	.long	1593
	.byte	7
	.quad	.Ltmp19
	.long	.Ltmp26-.Ltmp19
	.byte	8
	.byte	3
	.byte	145
	.ascii	"\344\001"
	.long	.Linfo_string121
	.byte	4
	.byte	1
	.byte	48
	.long	1787
	.byte	7
	.quad	.Ltmp20
	.long	.Ltmp26-.Ltmp20
	.byte	8
	.byte	2
	.byte	145
	.byte	40
	.long	.Linfo_string70
	.byte	8
	.byte	1
	.byte	49
	.long	1265
	.byte	7
	.quad	.Ltmp21
	.long	.Ltmp26-.Ltmp21
	.byte	8
	.byte	2
	.byte	145
	.byte	61
	.long	.Linfo_string77
	.byte	1
	.byte	1
	.byte	50
	.long	73
	.byte	7
	.quad	.Ltmp21
	.long	.Ltmp26-.Ltmp21
	.byte	8
	.byte	3
	.byte	145
	.ascii	"\307\001"
	.long	.Linfo_string117
	.byte	1
	.byte	1
	.byte	51
	.long	2714
	.byte	7
	.quad	.Ltmp22
	.long	.Ltmp26-.Ltmp22
	.byte	8
	.byte	2
	.byte	145
	.byte	62
	.long	.Linfo_string78
	.byte	2
	.byte	1
	.byte	52
	.long	1036
	.byte	7
	.quad	.Ltmp23
	.long	.Ltmp26-.Ltmp23
	.byte	8
	.byte	3
	.byte	145
	.asciz	"\300"
	.long	.Linfo_string79
	.byte	8
	.byte	1
	.byte	53
	.long	1398
	.byte	7
	.quad	.Ltmp24
	.long	.Ltmp26-.Ltmp24
	.byte	8
	.byte	3
	.byte	145
	.asciz	"\310"
	.long	.Linfo_string85
	.byte	8
	.byte	1
	.byte	54
	.long	602
	.byte	7
	.quad	.Ltmp25
	.long	.Ltmp26-.Ltmp25
	.byte	8
	.byte	3
	.byte	145
	.ascii	"\210\001"
	.long	.Linfo_string99
	.byte	8
	.byte	1
	.byte	56
	.long	2524
	.byte	0
	.byte	0
	.byte	0
	.byte	0
	.byte	0
	.byte	0
	.byte	0
	.byte	0
	.byte	0
	.byte	0
	.byte	0
	.byte	0
	.byte	0
	.byte	0
	.byte	0
	.byte	9
	.quad	.Lfunc_begin5
	.long	.Lfunc_end5-.Lfunc_begin5
	.byte	1
	.byte	87
	.long	.Linfo_string56
	.byte	1
	.byte	30

	.byte	10
	.byte	2
	.byte	145
	.byte	48
	.long	.Linfo_string85
	.byte	1
	.byte	30
	.long	2721
	.byte	10
	.byte	2
	.byte	145
	.byte	56
	.long	.Linfo_string79
	.byte	1
	.byte	30
	.long	2734
	.byte	10
	.byte	3
	.byte	145
	.asciz	"\300"
	.long	.Linfo_string78
	.byte	1
	.byte	30
	.long	1910
	.byte	0
	.byte	11
	.long	.Linfo_string98
	.byte	48
	.byte	1
	.byte	8
	.byte	12
	.long	.Linfo_string86
	.long	1889
	.byte	4
	.byte	40
	.byte	1
	.byte	12
	.long	.Linfo_string87
	.long	2424
	.byte	8
	.byte	24
	.byte	1
	.byte	12
	.long	.Linfo_string88
	.long	659
	.byte	8
	.byte	8
	.byte	1
	.byte	12
	.long	.Linfo_string96
	.long	1495
	.byte	4
	.byte	0
	.byte	1
	.byte	0
	.byte	11
	.long	.Linfo_string95
	.byte	16
	.byte	1
	.byte	8
	.byte	13
	.long	672
	.byte	14
	.long	1889
	.byte	4
	.byte	0

	.byte	15
	.byte	0
	.byte	16
	.long	.Linfo_string89
	.long	722
	.byte	8
	.byte	0
	.byte	0
	.byte	15
	.byte	1
	.byte	16
	.long	.Linfo_string91
	.long	743
	.byte	8
	.byte	0
	.byte	0
	.byte	15
	.byte	2
	.byte	16
	.long	.Linfo_string94
	.long	776
	.byte	8
	.byte	0
	.byte	0
	.byte	0
	.byte	11
	.long	.Linfo_string89
	.byte	16
	.byte	1
	.byte	8
	.byte	12
	.long	.Linfo_string59
	.long	2517
	.byte	8
	.byte	8
	.byte	1
	.byte	0
	.byte	11
	.long	.Linfo_string91
	.byte	16
	.byte	1
	.byte	8
	.byte	12
	.long	.Linfo_string92
	.long	1889
	.byte	4
	.byte	4
	.byte	1
	.byte	12
	.long	.Linfo_string93
	.long	1889
	.byte	4
	.byte	8
	.byte	1
	.byte	0
	.byte	17
	.long	.Linfo_string94
	.byte	16
	.byte	1
	.byte	8
	.byte	0
	.byte	0
	.byte	2
	.long	.Linfo_string5
	.byte	2
	.long	.Linfo_string6
	.byte	2
	.long	.Linfo_string7
	.byte	11
	.long	.Linfo_string14
	.byte	4
	.byte	1
	.byte	4
	.byte	12
	.long	.Linfo_string8
	.long	975
	.byte	4
	.byte	0
	.byte	3
	.byte	18
	.long	.Linfo_string51
	.long	.Linfo_string52
	.byte	4
	.short	3134
	.long	1889

	.byte	19
	.long	2223
	.byte	19
	.long	1889
	.byte	19
	.long	854
	.byte	0
	.byte	0
	.byte	4
	.long	1896

	.long	.Linfo_string22
	.byte	1
	.byte	1
	.byte	5
	.long	.Linfo_string17
	.byte	0
	.byte	5
	.long	.Linfo_string18
	.byte	1
	.byte	5
	.long	.Linfo_string19
	.byte	2
	.byte	5
	.long	.Linfo_string20
	.byte	3
	.byte	5
	.long	.Linfo_string21
	.byte	4
	.byte	0
	.byte	20
	.long	.Linfo_string47
	.long	.Linfo_string48
	.byte	4
	.short	3919
	.long	1889
	.byte	1
	.byte	21
	.long	1889
	.long	.Linfo_string11
	.byte	21
	.long	1889
	.long	.Linfo_string46
	.byte	22
	.long	.Linfo_string49
	.byte	4
	.short	3919
	.long	2169
	.byte	22
	.long	.Linfo_string39
	.byte	4
	.short	3919
	.long	1889
	.byte	22
	.long	.Linfo_string50
	.byte	4
	.short	3919
	.long	854
	.byte	0
	.byte	0
	.byte	0
	.byte	2
	.long	.Linfo_string9
	.byte	11
	.long	.Linfo_string13
	.byte	4
	.byte	1
	.byte	4
	.byte	21
	.long	1889
	.long	.Linfo_string11
	.byte	12
	.long	.Linfo_string12
	.long	1889
	.byte	4
	.byte	0
	.byte	3
	.byte	18
	.long	.Linfo_string42
	.long	.Linfo_string43
	.byte	2
	.short	2443
	.long	2169

	.byte	21
	.long	1889
	.long	.Linfo_string11
	.byte	19
	.long	2182
	.byte	0
	.byte	0
	.byte	11
	.long	.Linfo_string28
	.byte	2
	.byte	1
	.byte	2
	.byte	21
	.long	1903
	.long	.Linfo_string11
	.byte	12
	.long	.Linfo_string12
	.long	1196
	.byte	2
	.byte	0
	.byte	3
	.byte	18
	.long	.Linfo_string29
	.long	.Linfo_string30
	.byte	2
	.short	552
	.long	1903

	.byte	21
	.long	1903
	.long	.Linfo_string11
	.byte	19
	.long	1910
	.byte	0
	.byte	18
	.long	.Linfo_string32
	.long	.Linfo_string33
	.byte	2
	.short	414
	.long	1036

	.byte	21
	.long	1903
	.long	.Linfo_string11
	.byte	19
	.long	1903
	.byte	0
	.byte	18
	.long	.Linfo_string37
	.long	.Linfo_string36
	.byte	2
	.short	510
	.long	1903

	.byte	21
	.long	1903
	.long	.Linfo_string11
	.byte	19
	.long	1910
	.byte	19
	.long	1903
	.byte	0
	.byte	23
	.long	.Linfo_string40
	.long	.Linfo_string41
	.byte	2
	.short	433

	.byte	21
	.long	1903
	.long	.Linfo_string11
	.byte	19
	.long	1910
	.byte	19
	.long	1903
	.byte	0
	.byte	0
	.byte	11
	.long	.Linfo_string27
	.byte	2
	.byte	1
	.byte	2
	.byte	21
	.long	1903
	.long	.Linfo_string11
	.byte	12
	.long	.Linfo_string12
	.long	1903
	.byte	2
	.byte	0
	.byte	3
	.byte	0
	.byte	0
	.byte	2
	.long	.Linfo_string34
	.byte	20
	.long	.Linfo_string35
	.long	.Linfo_string36
	.byte	3
	.short	887
	.long	1903
	.byte	1
	.byte	21
	.long	1903
	.long	.Linfo_string11
	.byte	0
	.byte	0
	.byte	2
	.long	.Linfo_string71
	.byte	11
	.long	.Linfo_string76
	.byte	16
	.byte	1
	.byte	8
	.byte	13
	.long	1278
	.byte	14
	.long	2497
	.byte	8
	.byte	0

	.byte	15
	.byte	0
	.byte	16
	.long	.Linfo_string73
	.long	1313
	.byte	8
	.byte	0
	.byte	0
	.byte	24
	.byte	16
	.long	.Linfo_string75
	.long	1352
	.byte	8
	.byte	0
	.byte	0
	.byte	0
	.byte	11
	.long	.Linfo_string73
	.byte	16
	.byte	1
	.byte	8
	.byte	21
	.long	1896
	.long	.Linfo_string11
	.byte	21
	.long	2424
	.long	.Linfo_string74
	.byte	12
	.long	.Linfo_string59
	.long	1896
	.byte	1
	.byte	8
	.byte	1
	.byte	0
	.byte	11
	.long	.Linfo_string75
	.byte	16
	.byte	1
	.byte	8
	.byte	21
	.long	1896
	.long	.Linfo_string11
	.byte	21
	.long	2424
	.long	.Linfo_string74
	.byte	12
	.long	.Linfo_string59
	.long	2424
	.byte	8
	.byte	0
	.byte	1
	.byte	0
	.byte	0
	.byte	0
	.byte	2
	.long	.Linfo_string80
	.byte	11
	.long	.Linfo_string84
	.byte	8
	.byte	1
	.byte	8
	.byte	13
	.long	1411
	.byte	14
	.long	2497
	.byte	8
	.byte	0

	.byte	15
	.byte	0
	.byte	16
	.long	.Linfo_string81
	.long	1446
	.byte	8
	.byte	0
	.byte	0
	.byte	24
	.byte	16
	.long	.Linfo_string83
	.long	1464
	.byte	8
	.byte	0
	.byte	0
	.byte	0
	.byte	11
	.long	.Linfo_string81
	.byte	8
	.byte	1
	.byte	8
	.byte	21
	.long	2504
	.long	.Linfo_string11
	.byte	0
	.byte	11
	.long	.Linfo_string83
	.byte	8
	.byte	1
	.byte	8
	.byte	21
	.long	2504
	.long	.Linfo_string11
	.byte	12
	.long	.Linfo_string59
	.long	2504
	.byte	8
	.byte	0
	.byte	1
	.byte	0
	.byte	0
	.byte	11
	.long	.Linfo_string97
	.byte	8
	.byte	1
	.byte	4
	.byte	13
	.long	1508
	.byte	14
	.long	1889
	.byte	4
	.byte	0

	.byte	15
	.byte	0
	.byte	16
	.long	.Linfo_string81
	.long	1544
	.byte	4
	.byte	0
	.byte	0
	.byte	15
	.byte	1
	.byte	16
	.long	.Linfo_string83
	.long	1562
	.byte	4
	.byte	0
	.byte	0
	.byte	0
	.byte	11
	.long	.Linfo_string81
	.byte	8
	.byte	1
	.byte	4
	.byte	21
	.long	1889
	.long	.Linfo_string11
	.byte	0
	.byte	11
	.long	.Linfo_string83
	.byte	8
	.byte	1
	.byte	4
	.byte	21
	.long	1889
	.long	.Linfo_string11
	.byte	12
	.long	.Linfo_string59
	.long	1889
	.byte	4
	.byte	4
	.byte	1
	.byte	0
	.byte	0
	.byte	11
	.long	.Linfo_string105
	.byte	1
	.byte	1
	.byte	1
	.byte	13
	.long	1606
	.byte	14
	.long	1896
	.byte	1
	.byte	0

	.byte	15
	.byte	3
	.byte	16
	.long	.Linfo_string81
	.long	1641
	.byte	1
	.byte	0
	.byte	0
	.byte	24
	.byte	16
	.long	.Linfo_string83
	.long	1659
	.byte	1
	.byte	0
	.byte	0
	.byte	0
	.byte	11
	.long	.Linfo_string81
	.byte	1
	.byte	1
	.byte	1
	.byte	21
	.long	1690
	.long	.Linfo_string11
	.byte	0
	.byte	11
	.long	.Linfo_string83
	.byte	1
	.byte	1
	.byte	1
	.byte	21
	.long	1690
	.long	.Linfo_string11
	.byte	12
	.long	.Linfo_string59
	.long	1690
	.byte	1
	.byte	0
	.byte	1
	.byte	0
	.byte	0
	.byte	11
	.long	.Linfo_string104
	.byte	1
	.byte	1
	.byte	1
	.byte	13
	.long	1703
	.byte	14
	.long	1896
	.byte	1
	.byte	0

	.byte	15
	.byte	2
	.byte	16
	.long	.Linfo_string81
	.long	1738
	.byte	1
	.byte	0
	.byte	0
	.byte	24
	.byte	16
	.long	.Linfo_string83
	.long	1756
	.byte	1
	.byte	0
	.byte	0
	.byte	0
	.byte	11
	.long	.Linfo_string81
	.byte	1
	.byte	1
	.byte	1
	.byte	21
	.long	2674
	.long	.Linfo_string11
	.byte	0
	.byte	11
	.long	.Linfo_string83
	.byte	1
	.byte	1
	.byte	1
	.byte	21
	.long	2674
	.long	.Linfo_string11
	.byte	12
	.long	.Linfo_string59
	.long	2674
	.byte	1
	.byte	0
	.byte	1
	.byte	0
	.byte	0
	.byte	11
	.long	.Linfo_string108
	.byte	4
	.byte	1
	.byte	4
	.byte	13
	.long	1800
	.byte	14
	.long	1889
	.byte	4
	.byte	0

	.byte	25
	.long	1114112
	.byte	16
	.long	.Linfo_string81
	.long	1838
	.byte	4
	.byte	0
	.byte	0
	.byte	24
	.byte	16
	.long	.Linfo_string83
	.long	1856
	.byte	4
	.byte	0
	.byte	0
	.byte	0
	.byte	11
	.long	.Linfo_string81
	.byte	4
	.byte	1
	.byte	4
	.byte	21
	.long	2681
	.long	.Linfo_string11
	.byte	0
	.byte	11
	.long	.Linfo_string83
	.byte	4
	.byte	1
	.byte	4
	.byte	21
	.long	2681
	.long	.Linfo_string11
	.byte	12
	.long	.Linfo_string59
	.long	2681
	.byte	4
	.byte	0
	.byte	1
	.byte	0
	.byte	0
	.byte	0
	.byte	0
	.byte	26
	.long	.Linfo_string10
	.byte	7
	.byte	4
	.byte	26
	.long	.Linfo_string16
	.byte	7
	.byte	1
	.byte	26
	.long	.Linfo_string26
	.byte	5
	.byte	2
	.byte	27
	.long	1036
	.long	.Linfo_string31
	.long	0
	.byte	28
	.quad	.Lfunc_begin0
	.long	.Lfunc_end0-.Lfunc_begin0
	.byte	1
	.byte	87
	.long	1065
	.byte	29
	.byte	2
	.byte	145
	.byte	120
	.long	.Linfo_string38
	.byte	2
	.short	552
	.long	1910
	.byte	21
	.long	1903
	.long	.Linfo_string11
	.byte	0
	.byte	28
	.quad	.Lfunc_begin1
	.long	.Lfunc_end1-.Lfunc_begin1
	.byte	1
	.byte	87
	.long	1096
	.byte	29
	.byte	2
	.byte	145
	.byte	126
	.long	.Linfo_string12
	.byte	2
	.short	414
	.long	1903
	.byte	21
	.long	1903
	.long	.Linfo_string11
	.byte	0
	.byte	30
	.long	1127
	.byte	1
	.byte	21
	.long	1903
	.long	.Linfo_string11
	.byte	22
	.long	.Linfo_string38
	.byte	2
	.short	510
	.long	1910
	.byte	22
	.long	.Linfo_string39
	.byte	2
	.short	510
	.long	1903
	.byte	0
	.byte	28
	.quad	.Lfunc_begin2
	.long	.Lfunc_end2-.Lfunc_begin2
	.byte	1
	.byte	87
	.long	1163
	.byte	29
	.byte	2
	.byte	145
	.byte	112
	.long	.Linfo_string38
	.byte	2
	.short	433
	.long	1910
	.byte	29
	.byte	2
	.byte	145
	.byte	126
	.long	.Linfo_string39
	.byte	2
	.short	433
	.long	1903
	.byte	31
	.long	2011
	.quad	.Ltmp4
	.long	.Ltmp5-.Ltmp4
	.byte	2
	.short	437
	.byte	14
	.byte	32
	.byte	2
	.byte	145
	.byte	112
	.long	2026
	.byte	32
	.byte	2
	.byte	145
	.byte	126
	.long	2038
	.byte	33
	.long	1232
	.quad	.Ltmp4
	.long	.Ltmp5-.Ltmp4
	.byte	2
	.short	513
	.byte	9
	.byte	0
	.byte	21
	.long	1903
	.long	.Linfo_string11
	.byte	0
	.byte	27
	.long	1889
	.long	.Linfo_string44
	.long	0
	.byte	27
	.long	975
	.long	.Linfo_string45
	.long	0
	.byte	30
	.long	1004
	.byte	1
	.byte	21
	.long	1889
	.long	.Linfo_string11
	.byte	22
	.long	.Linfo_string38
	.byte	2
	.short	2443
	.long	2182
	.byte	0
	.byte	27
	.long	801
	.long	.Linfo_string53
	.long	0
	.byte	28
	.quad	.Lfunc_begin3
	.long	.Lfunc_end3-.Lfunc_begin3
	.byte	1
	.byte	87
	.long	821
	.byte	29
	.byte	2
	.byte	145
	.byte	104
	.long	.Linfo_string38
	.byte	4
	.short	3134
	.long	2223
	.byte	29
	.byte	2
	.byte	145
	.byte	112
	.long	.Linfo_string39
	.byte	4
	.short	3134
	.long	1889
	.byte	29
	.byte	2
	.byte	145
	.byte	119
	.long	.Linfo_string50
	.byte	4
	.short	3134
	.long	854
	.byte	31
	.long	2195
	.quad	.Ltmp7
	.long	.Ltmp8-.Ltmp7
	.byte	4
	.short	3136
	.byte	44
	.byte	32
	.byte	1
	.byte	85
	.long	2210
	.byte	0
	.byte	31
	.long	896
	.quad	.Ltmp8
	.long	.Ltmp10-.Ltmp8
	.byte	4
	.short	3136
	.byte	26
	.byte	32
	.byte	2
	.byte	145
	.byte	120
	.long	931
	.byte	32
	.byte	2
	.byte	145
	.byte	112
	.long	943
	.byte	32
	.byte	2
	.byte	145
	.byte	119
	.long	955
	.byte	0
	.byte	0
	.byte	26
	.long	.Linfo_string55
	.byte	5
	.byte	4
	.byte	34
	.long	.Linfo_string67
	.byte	24
	.byte	8
	.byte	16
	.long	.Linfo_string59
	.long	2376
	.byte	4
	.byte	16
	.byte	16
	.long	.Linfo_string60
	.long	2424
	.byte	8
	.byte	0
	.byte	16
	.long	.Linfo_string65
	.long	2470
	.byte	4
	.byte	20
	.byte	0
	.byte	34
	.long	.Linfo_string64
	.byte	16
	.byte	8
	.byte	16
	.long	.Linfo_string61
	.long	2454
	.byte	8
	.byte	0
	.byte	16
	.long	.Linfo_string62
	.long	2463
	.byte	8
	.byte	8
	.byte	0
	.byte	35
	.long	1896
	.long	0
	.byte	26
	.long	.Linfo_string63
	.byte	7
	.byte	8
	.byte	26
	.long	.Linfo_string66
	.byte	4
	.byte	4
	.byte	36
	.long	1896
	.byte	37
	.long	2490
	.byte	0
	.byte	3
	.byte	0
	.byte	38
	.long	.Linfo_string69
	.byte	8
	.byte	7
	.byte	26
	.long	.Linfo_string72
	.byte	7
	.byte	8
	.byte	27
	.long	1889
	.long	.Linfo_string82
	.long	0
	.byte	26
	.long	.Linfo_string90
	.byte	4
	.byte	8
	.byte	34
	.long	.Linfo_string116
	.byte	56
	.byte	8
	.byte	16
	.long	.Linfo_string59
	.long	2631
	.byte	8
	.byte	0
	.byte	16
	.long	.Linfo_string60
	.long	2644
	.byte	8
	.byte	8
	.byte	16
	.long	.Linfo_string65
	.long	1398
	.byte	8
	.byte	40
	.byte	16
	.long	.Linfo_string102
	.long	1593
	.byte	1
	.byte	52
	.byte	16
	.long	.Linfo_string106
	.long	1787
	.byte	4
	.byte	48
	.byte	16
	.long	.Linfo_string109
	.long	2688
	.byte	8
	.byte	24
	.byte	16
	.long	.Linfo_string111
	.long	2701
	.byte	8
	.byte	32
	.byte	16
	.long	.Linfo_string113
	.long	2714
	.byte	1
	.byte	53
	.byte	16
	.long	.Linfo_string115
	.long	73
	.byte	1
	.byte	53
	.byte	0
	.byte	27
	.long	2383
	.long	.Linfo_string100
	.long	0
	.byte	34
	.long	.Linfo_string101
	.byte	16
	.byte	8
	.byte	16
	.long	.Linfo_string61
	.long	2454
	.byte	8
	.byte	0
	.byte	16
	.long	.Linfo_string62
	.long	2463
	.byte	8
	.byte	8
	.byte	0
	.byte	26
	.long	.Linfo_string103
	.byte	2
	.byte	1
	.byte	26
	.long	.Linfo_string107
	.byte	16
	.byte	4
	.byte	27
	.long	1265
	.long	.Linfo_string110
	.long	0
	.byte	27
	.long	73
	.long	.Linfo_string112
	.long	0
	.byte	26
	.long	.Linfo_string114
	.byte	7
	.byte	0
	.byte	27
	.long	602
	.long	.Linfo_string122
	.long	0
	.byte	27
	.long	1398
	.long	.Linfo_string123
	.long	0
	.byte	0
.Ldebug_info_end0:
	.section	.data._ZN5enums4HITS17hadfd5d12b4e796eaE,"aw",@progbits
.Lsec_end0:
	.section	".text._ZN4core4cell13Cell$LT$T$GT$3get17h892655f355016ad5E","ax",@progbits
.Lsec_end1:
	.section	".text._ZN4core4cell13Cell$LT$T$GT$3new17h3273cbf6b45c0fb9E","ax",@progbits
.Lsec_end2:
	.section	".text._ZN4core4cell13Cell$LT$T$GT$3set17h8614b1bae6192ffcE","ax",@progbits
.Lsec_end3:
	.section	.text._ZN4core4sync6atomic9AtomicU329fetch_add17h31cf0fac9fa534baE,"ax",@progbits
.Lsec_end4:
	.section	.text.main,"ax",@progbits
.Lsec_end5:
	.section	.text.ready,"ax",@progbits
.Lsec_end6:
	.section	.debug_aranges,"",@progbits
	.long	140
	.short	2
	.long	.Lcu_begin0
	.byte	8
	.byte	0
	.zero	4,255
	.quad	_ZN5enums4HITS17hadfd5d12b4e796eaE
	.quad	.Lsec_end0-_ZN5enums4HITS17hadfd5d12b4e796eaE
	.quad	.Lfunc_begin0
	.quad	.Lsec_end1-.Lfunc_begin0
	.quad	.Lfunc_begin1
	.quad	.Lsec_end2-.Lfunc_begin1
	.quad	.Lfunc_begin2
	.quad	.Lsec_end3-.Lfunc_begin2
	.quad	.Lfunc_begin3
	.quad	.Lsec_end4-.Lfunc_begin3
	.quad	.Lfunc_begin4
	.quad	.Lsec_end5-.Lfunc_begin4
	.quad	.Lfunc_begin5
	.quad	.Lsec_end6-.Lfunc_begin5
	.quad	0
	.quad	0
	.section	.debug_ranges,"",@progbits
.Ldebug_ranges0:
	.quad	.Lfunc_begin0
	.quad	.Lfunc_end0
	.quad	.Lfunc_begin1
	.quad	.Lfunc_end1
	.quad	.Lfunc_begin2
	.quad	.Lfunc_end2
	.quad	.Lfunc_begin3
	.quad	.Lfunc_end3
	.quad	.Lfunc_begin4
	.quad	.Lfunc_end4
	.quad	.Lfunc_begin5
	.quad	.Lfunc_end5
	.quad	0
	.quad	0
	.section	.debug_str,"MS",@progbits,1
.Linfo_string0:
	.asciz	"clang LLVM (rustc version 1.95.0 (59807616e 2026-04-14))"
.Linfo_string1:
	.asciz	"enums.rs/@/enums.27969d1237b2b65-cgu.0"
.Linfo_string2:
	.asciz	"."
.Linfo_string3:
	.asciz	"enums"
.Linfo_string4:
	.asciz	"HITS"
.Linfo_string5:
	.asciz	"core"
.Linfo_string6:
	.asciz	"sync"
.Linfo_string7:
	.asciz	"atomic"
.Linfo_string8:
	.asciz	"v"
.Linfo_string9:
	.asciz	"cell"
.Linfo_string10:
	.asciz	"u32"
.Linfo_string11:
	.asciz	"T"
.Linfo_string12:
	.asciz	"value"
.Linfo_string13:
	.asciz	"UnsafeCell<u32>"
.Linfo_string14:
	.asciz	"AtomicU32"
.Linfo_string15:
	.asciz	"_ZN5enums4HITS17hadfd5d12b4e796eaE"
.Linfo_string16:
	.asciz	"u8"
.Linfo_string17:
	.asciz	"Relaxed"
.Linfo_string18:
	.asciz	"Release"
.Linfo_string19:
	.asciz	"Acquire"
.Linfo_string20:
	.asciz	"AcqRel"
.Linfo_string21:
	.asciz	"SeqCst"
.Linfo_string22:
	.asciz	"Ordering"
.Linfo_string23:
	.asciz	"Low"
.Linfo_string24:
	.asciz	"High"
.Linfo_string25:
	.asciz	"Level"
.Linfo_string26:
	.asciz	"i16"
.Linfo_string27:
	.asciz	"UnsafeCell<i16>"
.Linfo_string28:
	.asciz	"Cell<i16>"
.Linfo_string29:
	.asciz	"_ZN4core4cell13Cell$LT$T$GT$3get17h892655f355016ad5E"
.Linfo_string30:
	.asciz	"get<i16>"
.Linfo_string31:
	.asciz	"&core::cell::Cell<i16>"
.Linfo_string32:
	.asciz	"_ZN4core4cell13Cell$LT$T$GT$3new17h3273cbf6b45c0fb9E"
.Linfo_string33:
	.asciz	"new<i16>"
.Linfo_string34:
	.asciz	"mem"
.Linfo_string35:
	.asciz	"_ZN4core3mem7replace17he4fd7645e0d0c248E"
.Linfo_string36:
	.asciz	"replace<i16>"
.Linfo_string37:
	.asciz	"_ZN4core4cell13Cell$LT$T$GT$7replace17h34798d5286cd2f4cE"
.Linfo_string38:
	.asciz	"self"
.Linfo_string39:
	.asciz	"val"
.Linfo_string40:
	.asciz	"_ZN4core4cell13Cell$LT$T$GT$3set17h8614b1bae6192ffcE"
.Linfo_string41:
	.asciz	"set<i16>"
.Linfo_string42:
	.asciz	"_ZN4core4cell19UnsafeCell$LT$T$GT$3get17h1d5ec98f2061ece8E"
.Linfo_string43:
	.asciz	"get<u32>"
.Linfo_string44:
	.asciz	"*mut u32"
.Linfo_string45:
	.asciz	"&core::cell::UnsafeCell<u32>"
.Linfo_string46:
	.asciz	"U"
.Linfo_string47:
	.asciz	"_ZN4core4sync6atomic10atomic_add17hc8bcd565a54172c7E"
.Linfo_string48:
	.asciz	"atomic_add<u32, u32>"
.Linfo_string49:
	.asciz	"dst"
.Linfo_string50:
	.asciz	"order"
.Linfo_string51:
	.asciz	"_ZN4core4sync6atomic9AtomicU329fetch_add17h31cf0fac9fa534baE"
.Linfo_string52:
	.asciz	"fetch_add"
.Linfo_string53:
	.asciz	"&core::sync::atomic::AtomicU32"
.Linfo_string54:
	.asciz	"main"
.Linfo_string55:
	.asciz	"i32"
.Linfo_string56:
	.asciz	"ready"
.Linfo_string57:
	.asciz	"number"
.Linfo_string58:
	.asciz	"pair"
.Linfo_string59:
	.asciz	"__0"
.Linfo_string60:
	.asciz	"__1"
.Linfo_string61:
	.asciz	"data_ptr"
.Linfo_string62:
	.asciz	"length"
.Linfo_string63:
	.asciz	"usize"
.Linfo_string64:
	.asciz	"&str"
.Linfo_string65:
	.asciz	"__2"
.Linfo_string66:
	.asciz	"f32"
.Linfo_string67:
	.asciz	"(i32, &str, f32)"
.Linfo_string68:
	.asciz	"bytes"
.Linfo_string69:
	.asciz	"__ARRAY_SIZE_TYPE__"
.Linfo_string70:
	.asciz	"failed"
.Linfo_string71:
	.asciz	"result"
.Linfo_string72:
	.asciz	"u64"
.Linfo_string73:
	.asciz	"Ok"
.Linfo_string74:
	.asciz	"E"
.Linfo_string75:
	.asciz	"Err"
.Linfo_string76:
	.asciz	"Result<u8, &str>"
.Linfo_string77:
	.asciz	"level"
.Linfo_string78:
	.asciz	"shared"
.Linfo_string79:
	.asciz	"link"
.Linfo_string80:
	.asciz	"option"
.Linfo_string81:
	.asciz	"None"
.Linfo_string82:
	.asciz	"&u32"
.Linfo_string83:
	.asciz	"Some"
.Linfo_string84:
	.asciz	"Option<&u32>"
.Linfo_string85:
	.asciz	"account"
.Linfo_string86:
	.asciz	"id"
.Linfo_string87:
	.asciz	"name"
.Linfo_string88:
	.asciz	"shape"
.Linfo_string89:
	.asciz	"Circle"
.Linfo_string90:
	.asciz	"f64"
.Linfo_string91:
	.asciz	"Rect"
.Linfo_string92:
	.asciz	"w"
.Linfo_string93:
	.asciz	"h"
.Linfo_string94:
	.asciz	"Empty"
.Linfo_string95:
	.asciz	"Shape"
.Linfo_string96:
	.asciz	"limit"
.Linfo_string97:
	.asciz	"Option<u32>"
.Linfo_string98:
	.asciz	"Account"
.Linfo_string99:
	.asciz	"_keep"
.Linfo_string100:
	.asciz	"&(i32, &str, f32)"
.Linfo_string101:
	.asciz	"&[u8]"
.Linfo_string102:
	.asciz	"__3"
.Linfo_string103:
	.asciz	"bool"
.Linfo_string104:
	.asciz	"Option<bool>"
.Linfo_string105:
	.asciz	"Option<core::option::Option<bool>>"
.Linfo_string106:
	.asciz	"__4"
.Linfo_string107:
	.asciz	"char"
.Linfo_string108:
	.asciz	"Option<char>"
.Linfo_string109:
	.asciz	"__5"
.Linfo_string110:
	.asciz	"&core::result::Result<u8, &str>"
.Linfo_string111:
	.asciz	"__6"
.Linfo_string112:
	.asciz	"&enums::Level"
.Linfo_string113:
	.asciz	"__7"
.Linfo_string114:
	.asciz	"()"
.Linfo_string115:
	.asciz	"__8"
.Linfo_string116:
	.asciz	"(&(i32, &str, f32), &[u8], core::option::Option<&u32>, core::option::Option<core::option::Option<bool>>, core::option::Option<char>, &core::result::Result<u8, &str>, &enums::Level, (), enums::Level)"
.Linfo_string117:
	.asciz	"unit"
.Linfo_string118:
	.asciz	"tail"
.Linfo_string119:
	.asciz	"none"
.Linfo_string120:
	.asciz	"deep"
.Linfo_string121:
	.asciz	"letter"
.Linfo_string122:
	.asciz	"&mut enums::Account"
.Linfo_string123:
	.asciz	"&mut core::option::Option<&u32>"
	.ident	"rustc version 1.95.0 (59807616e 2026-04-14)"
	.section	".note.GNU-stack","",@progbits
	.section	.debug_line,"",@progbits
.Lline_table_start0:
